using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Im.Cli.Bench.Targets;
using Im.Cli.Text;

namespace Im.Cli.Bench.Push;

/// <summary>The way to a node's gRPC interface, with the API key on every call. HTTP/2 connections are added when the streams of one are used up.</summary>
internal sealed class PushChannel : IDisposable
{
    private readonly GrpcChannel _channel;

    private PushChannel(GrpcChannel channel, string? apiKey)
    {
        _channel = channel;
        Intercepted = channel.Intercept(metadata =>
        {
            if (apiKey is not null) metadata.Add("x-api-key", apiKey);
            return metadata;
        });
    }

    public CallInvoker Intercepted { get; }

    /// <exception cref="BenchException">The node's gRPC address is not known.</exception>
    public static PushChannel Open(NodeTarget target)
    {
        var address = target.Grpc ?? throw new BenchException(Say.It("The node's gRPC address is needed: give --grpc.", "需要节点的 gRPC 地址：请用 --grpc 指定。"));
        var handler = new SocketsHttpHandler { EnableMultipleHttp2Connections = true };
        return new PushChannel(GrpcChannel.ForAddress(address, new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true }), target.ApiKey);
    }

    public void Dispose() => _channel.Dispose();
}
