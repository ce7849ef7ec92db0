using Akka.Actor;

namespace Im.Actors.Relays;

/// <summary>
/// Who of the other nodes is in a room, by relay: kept so that the members here are told of the exits when such a node is lost, together
/// with its relay and perhaps the room's owner. What a relay had before is asked of it once; what changes is seen on the topic. Used by the relay alone.
/// </summary>
/// <remarks>At most <see cref="MaxNamesCount"/> names of one relay; of a relay that has more, only the count changes when it is lost.</remarks>
internal sealed class ForeignMembers
{
    public const int MaxNamesCount = 1_000;

    private readonly Dictionary<IActorRef, Part> _parts = [];
    private readonly List<IActorRef> _lost = [];
    private HashSet<Address>? _awaited;

    private sealed class Part
    {
        /// <summary>Null: they are too many.</summary>
        public HashSet<string>? Names = new(StringComparer.Ordinal);

        /// <summary>Ops seen before the relay has said whom it had; null once it has.</summary>
        public List<(long Op, string User, bool IsIn)>? Seen = [];

        public long ListOp;
    }

    /// <summary>Nodes that have not said whom they have.</summary>
    public IReadOnlyCollection<Address> Awaited => _awaited ?? (IReadOnlyCollection<Address>)[];

    public void Await(IEnumerable<Address> nodes) => (_awaited ??= []).UnionWith(nodes);

    public void Entered(IActorRef relay, long op, string user) => Moved(relay, op, user, isIn: true);

    public void Exited(IActorRef relay, long op, string user) => Moved(relay, op, user, isIn: false);

    /// <summary>The relay's own list, in one or several parts, as of its op; what was seen later is applied to it.</summary>
    public void Listed(IActorRef relay, long op, IReadOnlyList<string> names, bool isLast)
    {
        var part = PartOf(relay);
        if (part.Seen is null) return;
        if (part.ListOp != op) part.Names?.Clear();   // of an answer that did not come as a whole
        part.ListOp = op;
        foreach (var name in names) Add(part, name);
        if (!isLast) return;
        var seen = part.Seen;
        part.Seen = null;
        _awaited?.Remove(relay.Path.Address);
        foreach (var (at, user, isIn) in seen)
        {
            if (at > op) Apply(part, user, isIn);
        }
    }

    public void Gone(Address node)
    {
        _awaited?.Remove(node);
        _lost.AddRange(Of(node));
    }

    /// <summary>Its node is gone, and no owner has put that in the room's order yet.</summary>
    public IReadOnlyList<IActorRef> Lost => _lost;

    /// <summary>The relay is no more: whose exits the members here have to be told, once.</summary>
    public IReadOnlyCollection<string> Take(IActorRef relay)
    {
        _lost.Remove(relay);
        if (!_parts.Remove(relay, out var part)) return [];
        foreach (var (_, user, isIn) in part.Seen ?? []) Apply(part, user, isIn);
        return part.Names ?? (IReadOnlyCollection<string>)[];
    }

    private void Moved(IActorRef relay, long op, string user, bool isIn)
    {
        var part = PartOf(relay);
        if (part.Seen is null) Apply(part, user, isIn);
        else if (part.Seen.Count < 2 * MaxNamesCount) part.Seen.Add((op, user, isIn));
        else part.Names = null;
    }

    private IEnumerable<IActorRef> Of(Address node) => _parts.Keys.Where(relay => relay.Path.Address.Equals(node));

    private Part PartOf(IActorRef relay)
    {
        if (_parts.TryGetValue(relay, out var part)) return part;
        Await([relay.Path.Address]);
        return _parts[relay] = new Part();
    }

    private static void Apply(Part part, string user, bool isIn)
    {
        if (isIn) Add(part, user);
        else part.Names?.Remove(user);
    }

    private static void Add(Part part, string user)
    {
        if (part.Names is null) return;
        part.Names.Add(user);
        if (part.Names.Count > MaxNamesCount) part.Names = null;
    }
}
