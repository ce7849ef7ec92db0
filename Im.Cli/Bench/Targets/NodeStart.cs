using Im.Cli.Bench.Engine;
using Im.Cli.Bench.Measure;
using Im.Cli.Text;
using Im.Cli.Verify.Hosts;

namespace Im.Cli.Bench.Targets;

/// <summary>Starts nodes for a run; they end with it, and their data go.</summary>
internal static class NodeStart
{
    /// <summary>One node as a child on free loopback ports with an empty data directory.</summary>
    /// <param name="settings">Further variables of the node, such as <c>Im__Auth__Mode</c>.</param>
    public static async Task<NodeTarget> OneAsync(string program, int addresses, CancellationToken cancellation, params IReadOnlyList<(string Name, string Value)> settings)
    {
        var directory = new TemporaryDirectory("im-bench-");
        var node = new LoneNode(program, Path.Combine(directory.Path, "data"), settings);
        var child = node.Start(Path.Combine(directory.Path, "node.log"));
        try
        {
            using var probe = NodeTarget.Client(node.Api, null);
            await LoneNode.WaitUntilReadyAsync(child, probe, cancellation);
            var key = node.ReadKey();
            return new NodeTarget(Endpoint.Resolve(node.WebSocket, addresses), [NodeTarget.Client(node.Api, key)], () => new ServerProcesses([child.Id]), child, directory)
            {
                Grpc = node.Grpc,
                ApiKey = key,
                DataDirectory = node.Data,
            };
        }
        catch
        {
            await child.DisposeAsync();
            await directory.DisposeAsync();
            throw;
        }
    }

    /// <summary>So many of them, each by itself.</summary>
    public static async Task<NodeTarget> ApartAsync(string program, int count, int addresses, CancellationToken cancellation, params IReadOnlyList<(string Name, string Value)> settings)
    {
        var nodes = new List<NodeTarget>();
        try
        {
            for (var node = 0; node < count; node++) nodes.Add(await OneAsync(program, addresses, cancellation, settings));
            return NodeTarget.Together(nodes);
        }
        catch
        {
            foreach (var node in nodes) await node.DisposeAsync();
            throw;
        }
    }

    /// <summary>A cluster of so many nodes on one PostgreSQL of its own. Clients go to the nodes themselves; the door is there and has nothing to do.</summary>
    public static async Task<NodeTarget> ClusterAsync(string program, int count, int addresses, CancellationToken cancellation, params IReadOnlyList<(string Name, string Value)> settings)
    {
        var root = NodeLocator.FindRoot(AppContext.BaseDirectory) ?? NodeLocator.FindRoot(Environment.CurrentDirectory)
            ?? throw new BenchException(Say.It("No source tree here to take docker/nginx from.", "这里没有源码树，找不到 docker/nginx。"));
        var hosts = await ClusterHosts.StartAsync(
            new ClusterHostsSettings
            {
                NodeCount = count,
                Program = program,
                NginxFiles = Path.Combine(root, "docker", "nginx", "im"),
                Options = settings.ToDictionary(setting => setting.Name, setting => setting.Value),
            },
            cancellation);
        var endPoints = hosts.Nodes.Select(node => node.EndPoint).ToArray();
        return new NodeTarget(
            EndpointSet.Resolve(endPoints.Select(node => new Uri($"ws://{node.Host}:{node.WebSocket}/acc")), addresses),
            [.. endPoints.Select(node => NodeTarget.Client(new Uri($"http://{node.Host}:{node.Http}"), hosts.ApiKey))],
            () => new ServerProcesses([.. hosts.Nodes.Select(node => node.ProcessId).Where(id => id > 0)]),
            hosts,
            new ForgottenHosts(hosts))
        {
            Name = $"im-{count}",
            Grpc = new Uri($"http://{endPoints[^1].Host}:{endPoints[^1].Grpc}"),
            ApiKey = hosts.ApiKey,
            Nodes = hosts.Nodes,
        };
    }

    /// <summary>Removes what hosts have left, after their end.</summary>
    private sealed class ForgottenHosts(ClusterHosts hosts) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            hosts.Forget();
            return ValueTask.CompletedTask;
        }
    }
}
