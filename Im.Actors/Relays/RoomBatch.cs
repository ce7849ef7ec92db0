using Im.Actors.Connections;
using Im.Actors.Messages;

namespace Im.Actors.Relays;

/// <summary>
/// What one topic batch does to one room, in order: pushes to hand out, and members that come in after so many of them.
/// Filled by the relay, sealed, then read by the lanes.
/// </summary>
internal sealed class RoomBatch(string key, int lanes)
{
    private readonly List<Entry>?[] _entries = new List<Entry>?[lanes];
    private readonly List<(PushFrames Frames, ConnectionSlot[]? Except)> _pushes = [];
    private HashSet<ConnectionSlot>? _excepted;
    private Side _level0;
    private Side _level2;
    private FrameKind _kind = FrameKind.Ephemeral;

    /// <summary>A member that comes in before push number <paramref name="From"/>.</summary>
    internal readonly record struct Entry(ConnectionSlot Slot, Frame? Reply, int From);

    /// <summary>All pushes of one level side by side; push <c>i</c> begins at <c>Starts[i]</c>.</summary>
    private struct Side
    {
        public byte[] Wire;
        public int[] Starts;
        public int[] Counts;    // pushes of this level before push i
        public Frame? Whole;
    }

    /// <summary>Pushes.</summary>
    public int Count => _pushes.Count;

    /// <summary>The oldest message's acceptance, Unix milliseconds; 0 when the batch holds enters and exits only.</summary>
    public long AcceptedMs { get; private set; }

    /// <summary>A slice of ephemerals has no key: it must not take another slice's place.</summary>
    private string? Key => _kind == FrameKind.Record ? key : null;

    public void Push(PushFrames frames, ConnectionSlot[]? except, long acceptedMs)
    {
        _pushes.Add((frames, except));
        if (AcceptedMs == 0) AcceptedMs = acceptedMs;
        if ((frames.Level2 ?? frames.Level0)?.Kind == FrameKind.Record) _kind = FrameKind.Record;
        foreach (var slot in except ?? []) (_excepted ??= []).Add(slot);
    }

    public void Enter(int lane, ConnectionSlot slot, Frame? reply) => (_entries[lane] ??= []).Add(new Entry(slot, reply, _pushes.Count));

    public IReadOnlyList<Entry> Entries(int lane) => _entries[lane] ?? (IReadOnlyList<Entry>)[];

    public bool HasEntries(int lane) => _entries[lane] is not null;

    /// <summary>Puts the bytes side by side; called once, before the lanes get it.</summary>
    public void Seal()
    {
        _level0 = Join(push => push.Level0);
        _level2 = Join(push => push.Level2);
    }

    public bool IsExcepted(ConnectionSlot slot) => _excepted is not null && _excepted.Contains(slot);

    public bool IsExcepted(ConnectionSlot slot, int push) => _pushes[push].Except is { } except && Array.IndexOf(except, slot) >= 0;

    /// <summary>Pushes <paramref name="from"/> up to before <paramref name="to"/> as one frame; null when the level gets none of them.</summary>
    public Frame? Slice(ProtocolLevel level, int from, int to)
    {
        ref readonly var side = ref level == ProtocolLevel.Two ? ref _level2 : ref _level0;
        if (from == 0 && to == Count) return side.Whole;
        var count = side.Counts[to] - side.Counts[from];
        return count == 0 ? null : new Frame(side.Wire.AsMemory(side.Starts[from]..side.Starts[to]), _kind, Key) { MessagesCount = count };
    }

    private Side Join(Func<PushFrames, Frame?> form)
    {
        var starts = new int[Count + 1];
        var counts = new int[Count + 1];
        for (var i = 0; i < Count; i++)
        {
            var frame = form(_pushes[i].Frames);
            starts[i + 1] = starts[i] + (frame?.Length ?? 0);
            counts[i + 1] = counts[i] + (frame is null ? 0 : 1);
        }

        if (Count == 1) return new Side { Wire = [], Starts = starts, Counts = counts, Whole = form(_pushes[0].Frames) };
        var wire = GC.AllocateUninitializedArray<byte>(starts[Count]);
        for (var i = 0; i < Count; i++) form(_pushes[i].Frames)?.Wire.Span.CopyTo(wire.AsSpan(starts[i]));
        var whole = counts[Count] == 0 ? null : new Frame(wire, _kind, Key) { MessagesCount = counts[Count] };
        return new Side { Wire = wire, Starts = starts, Counts = counts, Whole = whole };
    }
}
