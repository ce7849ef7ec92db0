using Im.Actors;
using Im.Node;
using Im.Node.Configuration;
using Im.Node.Health;
using Im.Node.Lifetime;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Im.Tests.Support;

/// <summary>
/// A whole node in this process: real sockets on free ports, a data directory of its own. As a class fixture it has the default
/// options; <see cref="StartAsync(string[])"/> takes others.
/// </summary>
public sealed class NodeFixture : IAsyncLifetime
{
    private static readonly TimeSpan StartBound = TimeSpan.FromSeconds(90);

    private readonly TemporaryDirectory _data = new();
    private readonly SharedText _log = new();
    private WebApplication? _node;
    private Task? _stop;

    /// <summary>Base of pages, API, health and metrics; ends with a slash.</summary>
    public Uri Http => Addresses.Http;

    /// <summary>The WebSocket endpoint, <c>ws://127.0.0.1:port/acc</c>.</summary>
    public Uri WebSocket => Addresses.WebSocket;

    /// <summary>Base of gRPC, HTTP/2 without TLS.</summary>
    public Uri Grpc => Addresses.Grpc;

    public string ApiKey => Services.GetRequiredService<NodeSecrets>().ApiKey;

    public IServiceProvider Services => _node!.Services;

    /// <summary>All that the node has logged so far.</summary>
    public string Log => _log.ToString();

    internal NodeAddresses Addresses => Services.GetRequiredService<NodeAddresses>();

    /// <summary>Starts a node with options of its own, as <c>--Im:WebSocket:SilenceTimeout=00:00:01</c>; the caller disposes it.</summary>
    internal static Task<NodeFixture> StartAsync(params string[] args) => StartAsync(configure: null, args);

    /// <param name="configure">Changes services before the node is built.</param>
    internal static async Task<NodeFixture> StartAsync(Action<WebApplicationBuilder>? configure, params string[] args)
    {
        var fixture = new NodeFixture();
        await fixture.StartNodeAsync(args, configure);
        return fixture;
    }

    public Task InitializeAsync() => StartNodeAsync([], configure: null);

    /// <summary>Begins to stop the node; <see cref="DisposeAsync"/> waits for the end.</summary>
    internal Task StopAsync() => _stop ??= _node!.StopAsync();

    /// <summary>Stops the node as Ctrl+C does, the drain included.</summary>
    public async Task DisposeAsync()
    {
        if (_node is not null)
        {
            await StopAsync();
            await _node.DisposeAsync();
        }

        _data.Dispose();
    }

    private async Task StartNodeAsync(string[] args, Action<WebApplicationBuilder>? configure)
    {
        RuntimeSettings.Apply();
        var settings = new NodeHostSettings { ContentRoot = AppContext.BaseDirectory, Output = _log, Configure = Configure };
        string[] own =
        [
            "--Im:Http:Port=0", "--Im:Grpc:Port=0", "--Im:WebSocket:Port=0", "--Im:Cluster:Port=0",
            "--Im:Drain:Timeout=00:00:00", $"--Im:DataDirectory={_data.Path}",
        ];
        _node = NodeHost.Build([.. own, .. args], settings);
        await _node.StartAsync();
        await Services.GetRequiredService<NodeReadiness>().WhenReady.WaitAsync(StartBound);

        void Configure(WebApplicationBuilder builder)
        {
            builder.Services.AddSingleton<IProcessEnd, NoProcessEnd>();
            var actors = (ImActorsSettings)builder.Services.Single(service => service.ServiceType == typeof(ImActorsSettings)).ImplementationInstance!;
            builder.Services.AddSingleton(actors with { GateClock = NeverStill.Instance });
            configure?.Invoke(builder);
        }
    }

    /// <summary>This process is the tests' own, whatever becomes of the node.</summary>
    private sealed class NoProcessEnd : IProcessEnd
    {
        public void End(int exitCode, string why)
        {
        }
    }
}
