using Im.Actors.Conversations.Store;

namespace Im.Actors.Conversations;

/// <summary>
/// Cids stored lately: spares the store's table the question, never the answer. For <see cref="Retention"/>, at most
/// <see cref="MaxCount"/>, then the oldest goes first. Few: a busy conversation would only carry them from one collection into the next.
/// </summary>
internal sealed class RecentRecords
{
    public const int MaxCount = 64;

    public static readonly TimeSpan Retention = TimeSpan.FromMinutes(5);

    private readonly Dictionary<(string Sender, string Cid), CidRow> _rows = [];
    private readonly Queue<(long At, (string Sender, string Cid) Key)> _order = new();

    public bool TryGet((string Sender, string Cid) key, long nowMs, out CidRow row)
    {
        Expire(nowMs);
        return _rows.TryGetValue(key, out row!);
    }

    public void Add((string Sender, string Cid) key, CidRow row, long nowMs)
    {
        _rows[key] = row;
        _order.Enqueue((nowMs, key));
        Expire(nowMs);
    }

    private void Expire(long nowMs)
    {
        var oldest = nowMs - (long)Retention.TotalMilliseconds;
        while (_order.TryPeek(out var next) && (next.At <= oldest || _order.Count > MaxCount)) _rows.Remove(_order.Dequeue().Key);
    }
}
