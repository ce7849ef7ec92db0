namespace Im.Client.Engine;

/// <summary>
/// The commands of one conversation in their order. When one is refused for a while, nothing goes out until all that are on the wire are answered;
/// then they go out again from the first refused one.
/// </summary>
internal sealed class OutboxLane(Backoff backoff)
{
    private readonly LinkedList<OutboxEntry> _waiting = [];
    private readonly List<OutboxEntry> _flight = [];
    private bool _isRefused;

    public long BlockedUntil { get; private set; }

    public bool HasWaiting => _waiting.Count > 0;

    public bool IsEmpty => _waiting.Count + _flight.Count == 0;

    public IEnumerable<OutboxEntry> Entries => _flight.Concat(_waiting);

    public void Add(OutboxEntry entry) => _waiting.AddLast(entry);

    /// <summary>The next entry to send, which counts as on the wire from now on.</summary>
    public OutboxEntry? Next(long now)
    {
        if (_isRefused || BlockedUntil > now || _waiting.First is not { } first) return null;
        _waiting.RemoveFirst();
        _flight.Add(first.Value);
        return first.Value;
    }

    public void OnFinished(OutboxEntry entry, long now, bool isSuccess)
    {
        _flight.Remove(entry);
        if (isSuccess) backoff.Reset();
        Settle(now, 0);
    }

    public void OnRefused(OutboxEntry entry, long now, long retryAfterMs)
    {
        entry.IsRefused = true;
        _isRefused = true;
        Settle(now, retryAfterMs);
    }

    /// <summary>Everything unanswered goes out again, in order.</summary>
    public void OnDisconnected()
    {
        PutBack();
        BlockedUntil = 0;
    }

    private void Settle(long now, long retryAfterMs)
    {
        if (!_isRefused || _flight.Exists(entry => !entry.IsRefused)) return;
        PutBack();
        BlockedUntil = now + Math.Max(retryAfterMs, backoff.NextMs());
    }

    private void PutBack()
    {
        for (var i = _flight.Count - 1; i >= 0; i--)
        {
            _flight[i].IsRefused = false;
            _waiting.AddFirst(_flight[i]);
        }
        _flight.Clear();
        _isRefused = false;
    }
}
