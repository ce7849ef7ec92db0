using Akka.Actor;
using Im.Actors.Connections;
using Im.Actors.Conversations.Store;
using Im.Actors.Nodes;

namespace Im.Actors.Relays;

/// <summary>What every relay of a node shares.</summary>
/// <param name="Conversations">The region of the conversations.</param>
/// <param name="Node">The node's name in reports.</param>
/// <param name="CountThreshold">Above so many members level 2 gets counts instead of enters and exits.</param>
internal sealed record RelayContext(
    IActorRef Mediator,
    IActorRef Conversations,
    IReadOnlyList<EgressLane> Lanes,
    int RelaysCount,
    string Node,
    TimeProvider Time,
    INodeParts Parts,
    IMessageStore Store,
    UserIndex Users,
    HeadTable Heads,
    PeerTable Peers,
    int CountThreshold)
{
    private int _subscribed;

    public long NowMs => Lanes[0].Wheel.NowMs;

    /// <summary>The last relay to be subscribed makes the node's part ready.</summary>
    public void RelaySubscribed()
    {
        if (Interlocked.Increment(ref _subscribed) == RelaysCount) Parts.Ready(NodePart.Relays);
    }
}
