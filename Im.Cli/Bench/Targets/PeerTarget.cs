using System.Globalization;
using Im.Cli.Bench.Engine;
using Im.Cli.Bench.Measure;

namespace Im.Cli.Bench.Targets;

/// <summary>The SignalR server that this same program contains, run as a child process.</summary>
internal sealed class PeerTarget : ITarget
{
    private readonly ChildProcess _child;
    private readonly HttpClient _http;
    private readonly Collector _collector;
    private readonly string _directory;

    private PeerTarget(Endpoint endpoint, ChildProcess child, HttpClient http, string directory)
    {
        Endpoints = endpoint;
        _child = child;
        _http = http;
        _directory = directory;
        _collector = new Collector(http, "/diagnostics:collect");
    }

    public string Name => "signalr";

    public EndpointSet Endpoints { get; }

    public ServerProcesses Processes => new([_child.Id]);

    public static async Task<PeerTarget> StartAsync(int addresses, CancellationToken cancellation)
    {
        var directory = Directory.CreateTempSubdirectory("im-peer-").FullName;
        var port = FreePorts.Take(1)[0];
        var assembly = typeof(PeerTarget).Assembly.Location;
        // The collector's modes of an ordinary ASP.NET Core application; this tool itself runs without a background collector.
        var environment = new Dictionary<string, string> { ["DOTNET_gcConcurrent"] = "1" };
        var child = ChildProcess.Start(
            "dotnet",
            [assembly, "peer-signalr", "--port", port.ToString(CultureInfo.InvariantCulture)],
            environment,
            directory,
            Path.Combine(directory, "peer.log"));
        var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromSeconds(60) };
        try
        {
            await child.WaitUntilReadyAsync(http, "/ready", TimeSpan.FromSeconds(30), cancellation);
        }
        catch
        {
            http.Dispose();
            await child.DisposeAsync();
            Directory.Delete(directory, recursive: true);
            throw;
        }
        return new PeerTarget(Endpoint.Resolve(new Uri($"ws://127.0.0.1:{port}/hub"), addresses), child, http, directory);
    }

    public Task<MemorySample> CollectAsync(CancellationToken cancellation) => _collector.CollectAsync(_child.Id, cancellation);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _child.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }
}
