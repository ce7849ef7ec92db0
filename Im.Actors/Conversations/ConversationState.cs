using Akka.Actor;

namespace Im.Actors.Conversations;

/// <summary>A relay's part of a conversation, as its owner knows it.</summary>
internal readonly record struct RelayPart(int Users, long LastOp);

internal enum OpDecision
{
    Apply,

    /// <summary>It was applied before; the relay may have missed the publish.</summary>
    AlreadyApplied,

    /// <summary>An op before it is missing; the relay repeats from its oldest.</summary>
    OutOfOrder,
}

/// <summary>
/// Who is present in one conversation, as counts. Of an open room the owner holds a count per relay; the names are
/// the relays'. Immutable but for the dictionary of parts, which has one entry per relay of the cluster.
/// </summary>
/// <param name="Incarnation">New with every owner: presence is not stored.</param>
/// <param name="Order">Dense over the enters, exits and ephemerals published.</param>
internal sealed record ConversationState(string Incarnation, long Order, IReadOnlyDictionary<IActorRef, RelayPart> Parts)
{
    public int Members => Parts.Values.Sum(part => part.Users);

    public static ConversationState New(string incarnation) => new(incarnation, 0, new Dictionary<IActorRef, RelayPart>());

    /// <summary>Takes a relay's ops in their order: only the one that follows the last, or the first of a relay's new room.</summary>
    public OpDecision Decide(IActorRef relay, long op, long previous)
    {
        if (!Parts.TryGetValue(relay, out var part)) return previous == 0 ? OpDecision.Apply : OpDecision.OutOfOrder;
        if (op <= part.LastOp) return OpDecision.AlreadyApplied;
        return previous == part.LastOp || previous == 0 ? OpDecision.Apply : OpDecision.OutOfOrder;
    }

    public ConversationState Entered(IActorRef relay, long op, bool isFirst) => WithPart(relay, op, isFirst ? 1 : 0) with { Order = Order + 1 };

    public ConversationState Exited(IActorRef relay, long op) => WithPart(relay, op, -1) with { Order = Order + 1 };

    /// <summary>Only of a relay that this incarnation has not heard of: a second report would undo the ops that came after the first.</summary>
    public ConversationState Reported(IActorRef relay, int users, long op) =>
        Parts.ContainsKey(relay) ? this : this with { Parts = With(relay, new RelayPart(users, op)) };

    public bool HasRemote => Parts.Keys.Any(relay => relay.Path.Address.HasGlobalScope);

    public IReadOnlyList<IActorRef> RelaysOf(Address node) => [.. Parts.Keys.Where(relay => relay.Path.Address.Equals(node))];

    /// <summary>The relay is lost with its users; ordered like an exit.</summary>
    public ConversationState Lost(IActorRef relay) =>
        this with { Order = Order + 1, Parts = Parts.Where(part => !part.Key.Equals(relay)).ToDictionary(part => part.Key, part => part.Value) };

    public ConversationState Announced() => this with { Order = Order + 1 };

    private ConversationState WithPart(IActorRef relay, long op, int change)
    {
        var users = Parts.TryGetValue(relay, out var part) ? part.Users : 0;
        return this with { Parts = With(relay, new RelayPart(Math.Max(0, users + change), op)) };
    }

    private Dictionary<IActorRef, RelayPart> With(IActorRef relay, RelayPart part) => new(Parts) { [relay] = part };
}
