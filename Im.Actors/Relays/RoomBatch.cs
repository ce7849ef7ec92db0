using Im.Actors.Connections;
using Im.Actors.Messages;

namespace Im.Actors.Relays;

/// <summary>
/// What one topic batch does to one room, in order: pushes to hand out, and members that come in after so many of them.
/// Filled by the relay, then read by the lanes. A level's pushes are put side by side when the first member is to get several in a row.
/// </summary>
internal sealed class RoomBatch(string key, int lanes)
{
    private readonly List<Entry>?[] _entries = new List<Entry>?[lanes];
    private readonly List<(PushFrames Frames, Exclusion Except)> _pushes = [];
    private HashSet<ConnectionSlot>? _excepted;
    private HashSet<IReadOnlyDictionary<ConnectionSlot, long>>? _places;   // one, unless a member came in between
    private readonly Lock _joining = new();
    private Side? _level0;
    private Side? _level2;
    private FrameKind _kind = FrameKind.Ephemeral;

    /// <summary>A member that comes in before push number <paramref name="From"/>.</summary>
    internal readonly record struct Entry(ConnectionSlot Slot, Frame? Reply, int From);

    /// <summary>All pushes of one level side by side; push <c>i</c> begins at <c>Starts[i]</c>, with <c>Counts[i]</c> of this level before it.</summary>
    private sealed record Side(byte[] Wire, int[] Starts, int[] Counts, Frame? Whole);

    /// <summary>Pushes.</summary>
    public int Count => _pushes.Count;

    /// <summary>The oldest message's acceptance, Unix milliseconds; 0 when the batch holds enters and exits only.</summary>
    public long AcceptedMs { get; private set; }

    /// <summary>A slice of ephemerals has no key: it must not take another slice's place.</summary>
    private string? Key => _kind == FrameKind.Record ? key : null;

    public void Push(PushFrames frames, Exclusion except, long acceptedMs)
    {
        _pushes.Add((frames, except));
        if (AcceptedMs == 0) AcceptedMs = acceptedMs;
        if ((frames.Level2 ?? frames.Level0)?.Kind == FrameKind.Record) _kind = FrameKind.Record;
        foreach (var slot in except.Own ?? []) (_excepted ??= []).Add(slot);
        if (except.Places is { } places) (_places ??= new(ReferenceEqualityComparer.Instance)).Add(places);
    }

    public void Enter(int lane, ConnectionSlot slot, Frame? reply) => (_entries[lane] ??= []).Add(new Entry(slot, reply, _pushes.Count));

    public IReadOnlyList<Entry> Entries(int lane) => _entries[lane] ?? (IReadOnlyList<Entry>)[];

    public bool HasEntries(int lane) => _entries[lane] is not null;

    /// <summary>The connection gets none of some of the pushes.</summary>
    public bool IsExcepted(ConnectionSlot slot)
    {
        if (_excepted is not null && _excepted.Contains(slot)) return true;
        if (_places is null) return false;
        foreach (var places in _places)
        {
            if (places.ContainsKey(slot)) return true;
        }

        return false;
    }

    public bool IsExcepted(ConnectionSlot slot, int push) => _pushes[push].Except.Contains(slot);

    /// <summary>Pushes <paramref name="from"/> up to before <paramref name="to"/> as one frame; null when the level gets none of them.</summary>
    public Frame? Slice(ProtocolLevel level, int from, int to)
    {
        if (to - from == 1) return Form(level, from);
        var side = SideOf(level);
        if (from == 0 && to == Count) return side.Whole;
        var count = side.Counts[to] - side.Counts[from];
        return count == 0 ? null : new Frame(side.Wire.AsMemory(side.Starts[from]..side.Starts[to]), _kind, Key) { MessagesCount = count };
    }

    private Frame? Form(ProtocolLevel level, int push) => level == ProtocolLevel.Two ? _pushes[push].Frames.Level2 : _pushes[push].Frames.Level0;

    private Side SideOf(ProtocolLevel level)
    {
        ref var side = ref level == ProtocolLevel.Two ? ref _level2 : ref _level0;
        if (Volatile.Read(ref side) is { } joined) return joined;
        lock (_joining)
        {
            if (side is null) Volatile.Write(ref side, Join(level));
            return side;
        }
    }

    private Side Join(ProtocolLevel level)
    {
        var starts = new int[Count + 1];
        var counts = new int[Count + 1];
        for (var i = 0; i < Count; i++)
        {
            var frame = Form(level, i);
            starts[i + 1] = starts[i] + (frame?.Length ?? 0);
            counts[i + 1] = counts[i] + (frame is null ? 0 : 1);
        }

        var wire = GC.AllocateUninitializedArray<byte>(starts[Count]);
        for (var i = 0; i < Count; i++) Form(level, i)?.Wire.Span.CopyTo(wire.AsSpan(starts[i]));
        return new Side(wire, starts, counts, counts[Count] == 0 ? null : new Frame(wire, _kind, Key) { MessagesCount = counts[Count] });
    }
}
