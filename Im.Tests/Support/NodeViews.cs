using Akka.Actor;
using Im.Actors.Connections;
using Im.Actors.Nodes;

namespace Im.Tests.Support;

/// <summary>What a single actor under test sees of the nodes.</summary>
internal static class NodeViews
{
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(15);

    /// <summary>No other node.</summary>
    public static NodeView Alone(TimeProvider? time = null) => new(new UserIndex(), Nobody(), new RemoteParts(time ?? TimeProvider.System), ActorRefs.Nobody, Lease);

    /// <summary>Other nodes, asked by <paramref name="rollCall"/>.</summary>
    public static NodeView With(IActorRef rollCall, TimeProvider time, params Address[] others)
    {
        var peers = new PeerTable();
        peers.Set(others);
        return new NodeView(new UserIndex(), peers, new RemoteParts(time), rollCall, Lease);
    }

    public static PeerTable Nobody()
    {
        var peers = new PeerTable();
        peers.Set([]);
        return peers;
    }
}
