using Akka.Actor;
using Im.Actors.Connections;
using Im.Actors.Conversations.Store;

namespace Im.Actors.Relays;

/// <summary>What every relay of a node shares.</summary>
/// <param name="Conversations">The region of the conversations.</param>
/// <param name="Node">The node's name in reports.</param>
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
    HeadTable Heads)
{
    private int _subscribed;

    public long NowMs => Lanes[0].Wheel.NowMs;

    /// <summary>The last relay to be subscribed makes the node's part ready.</summary>
    public void RelaySubscribed()
    {
        if (Interlocked.Increment(ref _subscribed) == RelaysCount) Parts.Ready(NodePart.Relays);
    }
}
