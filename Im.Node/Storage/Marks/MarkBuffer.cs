using System.Runtime.InteropServices;
using Im.Actors.Conversations.Store;
using Im.Protocol.Names;

namespace Im.Node.Storage.Marks;

/// <summary>
/// Cursors, read marks and last seen on their way to the store: a move costs a dictionary entry, and many moves of one device
/// become one row. When it is full, moves of keys that are not in it are dropped: a client tells its cursor again. What was skipped is told once and is
/// never dropped; it is bounded by the connections, since each has one inbox.
/// </summary>
internal sealed class MarkBuffer
{
    private const int MaxCount = 200_000;

    private readonly Lock _gate = new();
    private MarkBatch _waiting = new();
    private MarkBatch _taken = new();   // being written, or written last

    /// <returns>The user's read mark as far as it has not been seen in the store yet; 0 when the move has none.</returns>
    public long Move(CursorMove move)
    {
        lock (_gate)
        {
            if (move.Skipped > 0) Skip(move);
            if (move.Delivered is { } delivered) Raise(_waiting.Delivered, new DeviceKey(move.App, move.User, move.Device, move.Conversation), new Mark(move.Epoch, delivered));
            if (move.Read is not { } read) return 0;
            var (key, mark) = (new ReaderKey(move.App, move.User, move.Conversation), new Mark(move.Epoch, read));
            Raise(_waiting.Read, key, mark);
            if (_waiting.Read.TryGetValue(key, out var waiting)) mark = waiting;
            return _taken.Read.TryGetValue(key, out var taken) ? taken.Raise(mark).Mseq : mark.Mseq;
        }
    }

    public void SaveLastSeen(AppId app, string user, long timestampMs)
    {
        lock (_gate)
        {
            var key = (app, user);
            if (_waiting.Count < MaxCount || _waiting.LastSeen.ContainsKey(key)) _waiting.LastSeen[key] = Math.Max(timestampMs, _waiting.LastSeen.GetValueOrDefault(key));
        }
    }

    /// <summary>What waits now, or null when nothing does.</summary>
    public MarkBatch? Take()
    {
        lock (_gate)
        {
            if (_waiting.Count == 0) return null;
            var taken = _waiting;
            _waiting = new MarkBatch();
            _taken = taken;
            return taken;
        }
    }

    /// <summary>Takes back a batch that could not be written; what came since is newer.</summary>
    public void GiveBack(MarkBatch batch)
    {
        lock (_gate)
        {
            var since = _waiting;
            _waiting = batch;
            _taken = new MarkBatch();
            foreach (var (key, ranges) in since.Skipped)
            {
                var acked = batch.Delivered.TryGetValue(key.Device, out var mark) && mark.Epoch == key.Epoch ? mark.Mseq : 0;
                foreach (var range in ranges.All) Add(batch, key, acked < range.To ? range with { Acked = Math.Max(range.Acked, acked) } : range);
            }

            foreach (var (key, mark) in since.Delivered) Raise(batch.Delivered, key, mark);
            foreach (var (key, mark) in since.Read) Raise(batch.Read, key, mark);
            foreach (var (key, timestamp) in since.LastSeen) batch.LastSeen[key] = Math.Max(timestamp, batch.LastSeen.GetValueOrDefault(key));
        }
    }

    private void Skip(CursorMove move)
    {
        var key = new DeviceKey(move.App, move.User, move.Device, move.Conversation);
        var acked = _waiting.Delivered.TryGetValue(key, out var mark) && mark.Epoch == move.Epoch && mark.Mseq <= move.Skipped ? mark.Mseq : 0;
        if (move.Delivered < move.Skipped) acked = Math.Max(acked, move.Delivered.Value);
        if (acked < move.Skipped) Add(_waiting, (key, move.Epoch), new SkippedRange(acked, move.Skipped));
    }

    private static void Add(MarkBatch batch, (DeviceKey Device, string Epoch) key, SkippedRange range)
    {
        ref var ranges = ref CollectionsMarshal.GetValueRefOrAddDefault(batch.Skipped, key, out _);
        (ranges ??= new SkippedRanges()).Add(range);
    }

    private void Raise<TKey>(Dictionary<TKey, Mark> marks, TKey key, Mark mark)
        where TKey : notnull
    {
        if (_waiting.Count >= MaxCount && !marks.ContainsKey(key)) return;
        ref var stored = ref CollectionsMarshal.GetValueRefOrAddDefault(marks, key, out var exists);
        stored = exists ? stored.Raise(mark) : mark;
    }
}
