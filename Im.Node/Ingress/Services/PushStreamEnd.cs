using System.IO.Pipelines;
using Grpc.AspNetCore.Server;
using Grpc.Core;

namespace Im.Node.Ingress.Services;

/// <summary>
/// At a stop a stream goes on after its status until the caller has closed its side too. A client whose connection is closed while its request is open may drop
/// the status that it has received but not read, and make INTERNAL of the close (RFC 9113 §6.8, GOAWAY with NO_ERROR).
/// </summary>
internal static class PushStreamEnd
{
    /// <summary>A caller that does not read is not waited for longer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Wraps the handler of streams; other endpoints are left alone.</summary>
    public static void Wrap(EndpointBuilder endpoint)
    {
        if (endpoint.Metadata.OfType<GrpcMethodMetadata>().FirstOrDefault()?.Method.Type != MethodType.DuplexStreaming) return;
        var next = endpoint.RequestDelegate ?? throw new InvalidOperationException($"{endpoint.DisplayName} has no handler.");
        endpoint.RequestDelegate = async context =>
        {
            await next(context);
            if (context.RequestServices.GetRequiredService<PushStreams>().Stopping.IsCancellationRequested) await CloseAsync(context);
        };
    }

    private static async Task CloseAsync(HttpContext context)
    {
        using var patience = new CancellationTokenSource(Patience, context.RequestServices.GetRequiredService<TimeProvider>());
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, context.RequestAborted);
        try
        {
            await context.Response.CompleteAsync();
            await ReadToEndAsync(context.Request.BodyReader, both.Token);
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException)
        {
            // The caller has reset the stream, or takes too long.
        }
    }

    private static async Task ReadToEndAsync(PipeReader body, CancellationToken cancellation)
    {
        for (var isOver = false; !isOver;)
        {
            var read = await body.ReadAsync(cancellation);
            isOver = read.IsCompleted || read.IsCanceled;
            body.AdvanceTo(read.Buffer.End);
        }
    }
}
