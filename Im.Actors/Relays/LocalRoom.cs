using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Im.Actors.Connections;
using Im.Actors.Conversations;
using Im.Protocol.Names;

namespace Im.Actors.Relays;

/// <summary>An enter or exit that the owner has not ordered yet.</summary>
/// <param name="Join">The connection that waits, null for an exit.</param>
internal sealed record PendingOp(long Op, long Previous, UserId User, bool IsFirst, RelayCommands.Join? Join)
{
    /// <summary>The connection went while it waited.</summary>
    public bool IsAbandoned { get; set; }
}

/// <summary>A user of a room on this node.</summary>
internal struct LocalUser
{
    /// <summary>One <see cref="ConnectionSlot"/>, an array of several, or null while the user's only connection still waits to enter.</summary>
    public object? Slots;

    /// <summary>Connections in and waiting.</summary>
    public int Claims;
}

/// <summary>What a relay holds of one conversation: who of this node is in it, by user and by lane. Used by the relay alone.</summary>
internal sealed class LocalRoom(ConversationKey key, int lanes)
{
    private readonly Dictionary<string, LocalUser> _users = new(StringComparer.Ordinal);
    private SortedDictionary<long, ConversationEnvelope>? _held;
    private MemberPlaces? _places;

    public ConversationKey Key { get; } = key;

    /// <summary>Lists of the lanes, each touched by its lane only; the relay counts along.</summary>
    public LaneRoom[] Lanes { get; } = [.. Enumerable.Range(0, lanes).Select(_ => new LaneRoom())];

    public int[] LaneCounts { get; } = new int[lanes];

    public Queue<PendingOp> Pending { get; } = new();

    /// <summary>Of the owner whose order was seen last.</summary>
    public string? Incarnation { get; set; }

    public long LastOrder { get; set; }

    /// <summary>The owner that has last been sent again what waits.</summary>
    public string? RepeatedFor { get; set; }

    public string? Epoch { get; set; }

    /// <summary>The last record that was handed out; -1 while nobody has said how far the conversation is.</summary>
    public long Last { get; set; } = -1;

    /// <summary>While it is above <see cref="Last"/> records are missing here.</summary>
    public long KnownHead { get; set; }

    /// <summary>Records that came too early, by mseq.</summary>
    public SortedDictionary<long, ConversationEnvelope> Held => _held ??= [];

    public bool IsFetching { get; set; }

    public long GapSinceMs { get; set; }

    public int Members { get; set; }

    /// <summary>When an op was last ordered or repeated; the wheel's clock.</summary>
    public long MovedAtMs { get; set; }

    public long LastOp { get; set; }

    /// <summary>The last op that this relay saw ordered.</summary>
    public long AppliedOp { get; set; }

    /// <summary>The last op of a turn of repeats that others wait behind; 0 when none do.</summary>
    public long RepeatedTo { get; set; }

    public bool IsEmpty => _users.Count == 0 && Pending.Count == 0;

    public int UsersCount => _users.Count;

    /// <summary>Users as the owner counts them after <see cref="AppliedOp"/>: those that wait to enter not yet, those that wait to exit still.</summary>
    public int OrderedUsersCount => _users.Count - Pending.Count(op => op.IsFirst) + Pending.Count(op => op.Join is null);

    /// <summary>A connection of the user wants in.</summary>
    /// <returns>True when it is the user's first here.</returns>
    public bool Claim(string user) => ++CollectionsMarshal.GetValueRefOrAddDefault(_users, user, out _).Claims == 1;

    /// <summary>A connection of the user is out, or no longer wants in.</summary>
    /// <returns>True when it was the user's last here.</returns>
    public bool Unclaim(string user)
    {
        ref var local = ref CollectionsMarshal.GetValueRefOrNullRef(_users, user);
        if (Unsafe.IsNullRef(ref local) || --local.Claims > 0) return false;
        _users.Remove(user);
        return true;
    }

    public void Activate(string user, ConnectionSlot slot)
    {
        ref var local = ref CollectionsMarshal.GetValueRefOrAddDefault(_users, user, out _);
        local.Slots = local.Slots switch
        {
            null => slot,
            ConnectionSlot one => new[] { one, slot },
            ConnectionSlot[] many => (ConnectionSlot[])[.. many, slot],
            _ => local.Slots,
        };
    }

    public bool Deactivate(string user, ConnectionSlot slot)
    {
        ref var local = ref CollectionsMarshal.GetValueRefOrNullRef(_users, user);
        if (Unsafe.IsNullRef(ref local)) return false;
        var slots = SlotsOf(local.Slots);
        if (Array.IndexOf(slots, slot) < 0) return false;
        var rest = Array.FindAll(slots, other => other != slot);
        local.Slots = rest.Length switch { 0 => null, 1 => rest[0], _ => rest };
        _places?.Remove(slot);
        return true;
    }

    public bool IsActive(string user, ConnectionSlot slot) => Array.IndexOf(SlotsOf(user), slot) >= 0;

    /// <summary>The user's connections that are in.</summary>
    public ConnectionSlot[] SlotsOf(string user) => _users.TryGetValue(user, out var local) ? SlotsOf(local.Slots) : [];

    /// <summary>
    /// The member gets no record up to this one from here: it reads them from the store, and of those from before its user's stay not even there. Kept
    /// while the room is behind the place.
    /// </summary>
    public void SetPlace(ConnectionSlot slot, long mseq)
    {
        if (mseq > Last) (_places ??= new MemberPlaces()).Set(slot, mseq);
    }

    /// <summary>Members' places, while this record or a later one is somebody's; null else. Records are asked about in their order.</summary>
    public IReadOnlyDictionary<ConnectionSlot, long>? PlacesAt(long mseq)
    {
        var places = _places?.At(mseq);
        if (places is null) _places = null;
        return places;
    }

    public void ForgetPlaces() => _places = null;

    /// <summary>Users with at least one connection that is in.</summary>
    public IEnumerable<string> ActiveUsers => _users.Where(pair => pair.Value.Slots is not null).Select(pair => pair.Key);

    /// <summary>Users as <see cref="OrderedUsersCount"/> counts them.</summary>
    public IEnumerable<string> OrderedUsers =>
        _users.Keys.Except(Pending.Where(op => op.IsFirst).Select(op => op.User.Value)).Union(Pending.Where(op => op.Join is null).Select(op => op.User.Value));

    private static ConnectionSlot[] SlotsOf(object? slots) => slots switch
    {
        ConnectionSlot one => [one],
        ConnectionSlot[] many => many,
        _ => [],
    };
}
