using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Cluster;
using Akka.Remote.Transport;
using Google.Protobuf;
using Im.Actors.Connections;
using Im.Actors.Conversations;
using Im.Actors.Sessions;

namespace Im.Tests.Support;

/// <summary>
/// Nodes of one cluster in this process, over one store: each an actor system with all actors of a real node. What they say to each
/// other is serialized as on a network and goes through memory, where a test may cut it.
/// </summary>
/// <remarks>Process-wide counts (metrics) are those of all nodes together. A node that is cut off stays: the tests' systems do not exit when they are downed.</remarks>
internal sealed class ActorCluster : IAsyncDisposable
{
    private static readonly TimeSpan JoinBound = TimeSpan.FromSeconds(60);

    private readonly string _registry = Guid.NewGuid().ToString("N");
    private readonly ConcurrentDictionary<(Address From, Address To), byte> _cuts = new();
    private readonly List<ActorNode> _nodes = [];
    private int _started;
    private int _packets;

    private ActorCluster(MemoryStore store) => Store = store;

    public MemoryStore Store { get; }

    /// <summary>Those that were started and not stopped, in the order of their start.</summary>
    public IReadOnlyList<ActorNode> Nodes => _nodes;

    public ActorNode this[int index] => _nodes[index];

    /// <summary>What could not be written or read, as the nodes logged it.</summary>
    public IEnumerable<string> Refused => _nodes.SelectMany(node => node.Refused);

    /// <summary>Told of every packet that leaves a node for another: from, to, bytes. Called on the transport's threads.</summary>
    public Action<Address, Address, ByteString>? Sent { get; set; }

    public required Func<ActorCluster, string, ActorNode> Make { private get; init; }

    /// <param name="count">Nodes <c>n1</c>, <c>n2</c> …, all Up and ready when this returns.</param>
    /// <param name="hocon">Goes before the tuning, for all of them.</param>
    /// <param name="gateClocks">By which the node of that name sees that it stood still.</param>
    public static async Task<ActorCluster> StartAsync(
        int count, MemoryStore? store = null, string hocon = "", ConnectionLimits? limits = null, ConversationSettings? conversations = null, int lanes = 1,
        Func<TimeProvider, IdentityServices>? identity = null, TimeProvider? time = null, Func<string, TimeProvider>? gateClocks = null, TimeSpan? gatePatience = null)
    {
        var cluster = new ActorCluster(store ?? new MemoryStore())
        {
            Make = (cluster, name) => ActorNode.Start(
                name, hocon + "\n" + cluster.TransportOf(name), limits, conversations, null, lanes, cluster.Store, identity?.Invoke(time ?? TimeProvider.System), time, gateClocks?.Invoke(name), gatePatience),
        };
        for (var i = 0; i < count; i++) cluster.StartNode();
        await cluster.AllUpAsync();
        return cluster;
    }

    /// <summary>One more node; back when all see it Up and it is ready.</summary>
    public async Task<ActorNode> AddAsync()
    {
        var node = StartNode();
        await AllUpAsync();
        return node;
    }

    /// <summary>The node leaves as in a planned stop; back when the others have removed it.</summary>
    public async Task LeaveAsync(ActorNode node)
    {
        await CoordinatedShutdown.Get(node.System).Run(CoordinatedShutdown.ClusterLeavingReason.Instance);
        await RemoveAsync(node);
    }

    /// <summary>The node is gone without a word, as after a kill: it is cut off first, then stopped. The others find out for themselves.</summary>
    public async Task KillAsync(ActorNode node)
    {
        Isolate(node);
        _nodes.Remove(node);
        await node.DisposeAsync();
    }

    /// <summary>Nothing passes between the two any more, in either direction.</summary>
    public void Cut(ActorNode one, ActorNode other)
    {
        _cuts[(one.Address, other.Address)] = 0;
        _cuts[(other.Address, one.Address)] = 0;
    }

    /// <summary>Nothing passes from one to the other; the way back stays open.</summary>
    public void CutOneWay(ActorNode from, ActorNode to) => _cuts[(from.Address, to.Address)] = 0;

    public void Isolate(ActorNode node)
    {
        foreach (var other in _nodes.Where(other => other != node)) Cut(node, other);
    }

    public void Heal() => _cuts.Clear();

    public Task AllUpAsync() => Task.WhenAll(_nodes.Select(async node =>
    {
        await Until.TrueAsync(
            () => node.Cluster.State.Members.Count(member => member.Status == MemberStatus.Up) == _nodes.Count && node.Cluster.State.Unreachable.IsEmpty,
            () => $"{node.Name} sees {string.Join(", ", node.Cluster.State.Members)}",
            JoinBound);
        await node.ReadyAsync();
    }));

    public async ValueTask DisposeAsync()
    {
        Heal();
        await Task.WhenAll(_nodes.Select(node => node.DisposeAsync().AsTask()));
    }

    private ActorNode StartNode()
    {
        var node = Make(this, $"n{++_started}");
        WatchWire(node);
        _nodes.Add(node);
        node.Cluster.JoinSeedNodes([_nodes[0].Address]);
        return node;
    }

    private async Task RemoveAsync(ActorNode node)
    {
        _nodes.Remove(node);
        await node.DisposeAsync();
        foreach (var other in _nodes)
            await Until.TrueAsync(() => other.Cluster.State.Members.Count == _nodes.Count, () => $"{other.Name} sees {string.Join(", ", other.Cluster.State.Members)}", JoinBound);
    }

    /// <summary>A packet that is cut off counts as sent, as on a network.</summary>
    private void WatchWire(ActorNode node)
    {
        var registry = AssociationRegistry.Get(_registry);
        var transport = registry.TransportFor(new Address("test", "im", node.Name, 1)).Value.Item1;
        var write = transport.WriteBehavior.DefaultBehavior;
        transport.WriteBehavior.Push(packet =>
        {
            var (handle, bytes) = packet;
            var (from, to) = (AkkaAddress(handle.LocalAddress), AkkaAddress(handle.RemoteAddress));
            Sent?.Invoke(from, to, bytes);
            if ((Interlocked.Increment(ref _packets) & 1023) == 0) registry.ClearLog();   // it keeps every packet
            return _cuts.ContainsKey((from, to)) ? Task.FromResult(true) : write(packet);
        });
    }

    private static Address AkkaAddress(Address transport) => transport.WithProtocol("akka." + transport.Protocol);

    private string TransportOf(string name) => $$"""
        akka.remote {
          enabled-transports = ["akka.remote.test"]
          test {
            transport-class = "Akka.Remote.Transport.TestTransport, Akka.Remote"
            applied-adapters = []
            registry-key = "{{_registry}}"
            local-address = "test://im@{{name}}:1"
            maximum-payload-bytes = 4194304
            scheme-identifier = test
          }
        }
        """;
}
