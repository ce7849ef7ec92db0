using Im.Cli.Bench.Engine;
using Im.Cli.Bench.Measure;
using Im.Cli.Verify.Hosts;

namespace Im.Cli.Bench.Targets;

/// <summary>One ImAkka node, or several: a cluster, or nodes that know nothing of each other.</summary>
internal sealed class NodeTarget : ITarget
{
    private const string CollectPath = "/api/v1/diagnostics:collect";

    private readonly IReadOnlyList<IAsyncDisposable> _owned;
    private readonly Func<ServerProcesses> _processes;

    /// <param name="https">The nodes' HTTP interfaces, with the API key in their headers; disposed with this.</param>
    /// <param name="owned">What ends with this.</param>
    internal NodeTarget(EndpointSet endpoints, IReadOnlyList<HttpClient> https, Func<ServerProcesses> processes, params IReadOnlyList<IAsyncDisposable> owned)
    {
        Endpoints = endpoints;
        Https = https;
        _processes = processes;
        _owned = owned;
    }

    public string Name { get; init; } = "im";

    public EndpointSet Endpoints { get; }

    public ServerProcesses Processes => _processes();

    /// <summary>Where a node of our own keeps its data; null for one that runs already, and for several.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>The first node's HTTP interface.</summary>
    public HttpClient Http => Https[0];

    /// <summary>Of each node that is known; of a running cluster perhaps its door alone.</summary>
    public IReadOnlyList<HttpClient> Https { get; }

    /// <summary>The gRPC interface of a node; null for a running node when it was not told.</summary>
    public Uri? Grpc { get; init; }

    public string? ApiKey { get; init; }

    /// <summary>The nodes of a cluster of our own, which may be killed and frozen; else empty.</summary>
    public IReadOnlyList<ClusterNode> Nodes { get; init; } = [];

    /// <summary>Nodes that run already.</summary>
    public static NodeTarget Running(EndpointSet endpoints, IReadOnlyList<Uri> apis, Uri? grpc, string? apiKey, ServerProcesses processes) =>
        new(endpoints, [.. apis.Select(api => Client(api, apiKey))], () => processes) { Grpc = grpc, ApiKey = apiKey };

    /// <summary>Nodes that know nothing of each other, as one: its clients are spread over them.</summary>
    public static NodeTarget Together(IReadOnlyList<NodeTarget> nodes) =>
        new(new EndpointSet([.. nodes.SelectMany(node => node.Endpoints.All)]), [.. nodes.SelectMany(node => node.Https)], () => new ServerProcesses([.. nodes.SelectMany(node => node.Processes.Ids)]), nodes)
        {
            Name = $"im-{nodes.Count}",
        };

    public async Task<MemorySample> CollectAsync(CancellationToken cancellation)
    {
        var processes = Processes.Ids;
        var samples = new List<MemorySample>();
        foreach (var (index, http) in Https.Index())
        {
            samples.Add(await new Collector(http, CollectPath).CollectAsync(processes.Count == Https.Count ? processes[index] : null, cancellation));
        }

        return samples[^1] with
        {
            Connections = samples.Sum(sample => sample.Connections),
            RssBytes = samples.Sum(sample => sample.RssBytes),
            HeapBytes = samples.Sum(sample => sample.HeapBytes),
        };
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var http in Https) http.Dispose();
        foreach (var owned in _owned) await owned.DisposeAsync();
    }

    internal static HttpClient Client(Uri api, string? apiKey)
    {
        var http = new HttpClient { BaseAddress = api, Timeout = TimeSpan.FromSeconds(60) };
        if (apiKey is not null) http.DefaultRequestHeaders.Add("x-api-key", apiKey);
        return http;
    }
}
