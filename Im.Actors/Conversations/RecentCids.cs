namespace Im.Actors.Conversations;

/// <summary>
/// Answers given lately, by sender and cid, so that a repeated request is answered and not carried out again. In
/// memory, for a fixed time; at most <see cref="MaxCount"/>, then the oldest goes first.
/// </summary>
internal sealed class RecentCids(TimeSpan retention)
{
    public const int MaxCount = 10_000;

    private readonly Dictionary<(string Sender, string Cid), ConversationEvents.Posted> _answers = [];
    private readonly Queue<(long At, (string Sender, string Cid) Key)> _order = new();

    public bool IsEmpty => _answers.Count == 0;

    public bool TryGet(string sender, string cid, long nowMs, out ConversationEvents.Posted answer)
    {
        Expire(nowMs);
        return _answers.TryGetValue((sender, cid), out answer!);
    }

    public void Add(string sender, string cid, ConversationEvents.Posted answer, long nowMs)
    {
        _answers[(sender, cid)] = answer;
        _order.Enqueue((nowMs, (sender, cid)));
        Expire(nowMs);
    }

    public void Expire(long nowMs)
    {
        var oldest = nowMs - (long)retention.TotalMilliseconds;
        while (_order.TryPeek(out var next) && (next.At <= oldest || _order.Count > MaxCount)) _answers.Remove(_order.Dequeue().Key);
    }
}
