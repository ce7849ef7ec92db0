using System.Globalization;
using System.Text.Json;
using Im.Cli.Bench.Engine;
using Im.Cli.Bench.Measure;
using Im.Cli.Text;

namespace Im.Cli.Bench.Targets;

/// <summary>An ImAkka node.</summary>
internal sealed class NodeTarget : ITarget
{
    private readonly HttpClient _http;
    private readonly Collector _collector;
    private readonly ChildProcess? _child;
    private readonly string? _directory;

    private NodeTarget(Endpoint endpoint, HttpClient http, int? processId, ChildProcess? child, string? directory)
    {
        Endpoint = endpoint;
        ProcessId = processId;
        _http = http;
        _child = child;
        _directory = directory;
        _collector = new Collector(http, "/api/v1/diagnostics:collect");
    }

    public string Name => "im";

    public Endpoint Endpoint { get; }

    public int? ProcessId { get; }

    /// <summary>Where a node of our own keeps its data; null for one that runs already.</summary>
    public string? DataDirectory => _directory is null ? null : Path.Combine(_directory, "data");

    /// <summary>The node's HTTP interface, with the API key in its headers.</summary>
    public HttpClient Http => _http;

    /// <summary>A node that runs already.</summary>
    public static NodeTarget Running(Endpoint endpoint, Uri api, string? apiKey, int? processId) =>
        new(endpoint, Client(api, apiKey), processId, null, null);

    /// <summary>Starts a node as a child on free loopback ports with an empty data directory, which is removed afterwards.</summary>
    public static async Task<NodeTarget> StartAsync(string program, int addresses, CancellationToken cancellation)
    {
        var directory = Directory.CreateTempSubdirectory("im-bench-").FullName;
        var ports = FreePorts.Take(4);
        var environment = new Dictionary<string, string>
        {
            ["Im__BindAddress"] = "127.0.0.1",
            ["Im__Http__Port"] = ports[0].ToString(CultureInfo.InvariantCulture),
            ["Im__WebSocket__Port"] = ports[1].ToString(CultureInfo.InvariantCulture),
            ["Im__Grpc__Port"] = ports[2].ToString(CultureInfo.InvariantCulture),
            ["Im__Cluster__Port"] = ports[3].ToString(CultureInfo.InvariantCulture),
            ["Im__DataDirectory"] = Path.Combine(directory, "data"),
        };
        var dll = program.EndsWith(".dll", StringComparison.OrdinalIgnoreCase);
        var child = ChildProcess.Start(dll ? "dotnet" : program, dll ? [program] : [], environment, Path.GetDirectoryName(program)!, Path.Combine(directory, "node.log"));
        var api = new Uri($"http://127.0.0.1:{ports[0]}");
        try
        {
            using var probe = Client(api, null);
            await child.WaitUntilReadyAsync(probe, "/readyz", TimeSpan.FromSeconds(60), cancellation);
            var endpoint = Endpoint.Resolve(new Uri($"ws://127.0.0.1:{ports[1]}/acc"), addresses);
            return new NodeTarget(endpoint, Client(api, ReadKey(Path.Combine(directory, "data"))), child.Id, child, directory);
        }
        catch
        {
            await child.DisposeAsync();
            Directory.Delete(directory, recursive: true);
            throw;
        }
    }

    public Task<MemorySample> CollectAsync(CancellationToken cancellation) => _collector.CollectAsync(ProcessId, cancellation);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_child is not null) await _child.DisposeAsync();
        if (_directory is not null) Directory.Delete(_directory, recursive: true);
    }

    private static HttpClient Client(Uri api, string? apiKey)
    {
        var http = new HttpClient { BaseAddress = api, Timeout = TimeSpan.FromSeconds(60) };
        if (apiKey is not null) http.DefaultRequestHeaders.Add("x-api-key", apiKey);
        return http;
    }

    private static string ReadKey(string data)
    {
        var path = Path.Combine(data, "secrets.json");
        if (!File.Exists(path)) throw new BenchException(Say.It($"The node is ready but wrote no {path}.", $"节点已就绪，但没有生成 {path}。"));
        using var secrets = JsonDocument.Parse(File.ReadAllBytes(path));
        return secrets.RootElement.GetProperty("apiKey").GetString()!;
    }
}
