using Im.Tests.Storage.Postgres;
using Im.Tests.Support;

namespace Im.Tests.Clustering;

/// <summary>Nodes as processes of their own, on ports that are known beforehand, with one database.</summary>
internal sealed class ClusterProcesses : IAsyncDisposable
{
    private readonly Dictionary<int, NodeProcess> _nodes = [];
    private readonly string _database;
    private readonly string[] _more;

    private ClusterProcesses(int count, string database, string[] more)
    {
        _database = database;
        _more = more;
        Ports = FreePort.Take(count);
    }

    /// <summary>Cluster ports; the first is that of the first seed.</summary>
    public IReadOnlyList<int> Ports { get; }

    public NodeProcess this[int index] => _nodes[index];

    /// <summary>All of them, each ready.</summary>
    /// <param name="more">Options of every node.</param>
    public static async Task<ClusterProcesses> StartAsync(PostgresServer server, int count, params string[] more)
    {
        var cluster = await NewAsync(server, count, more);
        await Task.WhenAll(Enumerable.Range(0, count).Select(index => cluster.StartNodeAsync(index)));
        return cluster;
    }

    /// <summary>None of them yet.</summary>
    public static async Task<ClusterProcesses> NewAsync(PostgresServer server, int count, params string[] more) => new(count, await server.NewDatabaseAsync(), more);

    /// <summary>Starts the node and waits until it is ready.</summary>
    public async Task<NodeProcess> StartNodeAsync(int index, params string[] own)
    {
        var node = await NodeProcess.StartAsync(Arguments(index, own));
        lock (_nodes) return _nodes[index] = node;
    }

    /// <summary>Starts the node and waits for nothing.</summary>
    public NodeProcess RunNode(int index, params string[] own)
    {
        var node = NodeProcess.Run(["--Im:Http:Port=0", "--Im:Grpc:Port=0", "--Im:WebSocket:Port=0", .. Arguments(index, own)]);
        lock (_nodes) return _nodes[index] = node;
    }

    public async ValueTask DisposeAsync() => await Task.WhenAll(_nodes.Values.Select(node => node.DisposeAsync().AsTask()));

    private string[] Arguments(int index, string[] own) =>
    [
        "--Im:Storage:Provider=postgres", $"--Im:Storage:ConnectionString={_database}", $"--Im:Cluster:Port={Ports[index]}",
        .. Ports.Select((port, i) => $"--Im:Cluster:SeedNodes:{i}=127.0.0.1:{port}"), .. _more, .. own,
    ];
}
