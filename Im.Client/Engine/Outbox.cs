using Im.Protocol;

namespace Im.Client.Engine;

/// <summary>Durable commands without an answer: at most <c>MaxQueued</c>, of which <c>MaxUnanswered</c> are on the wire. Beyond, a command is refused.</summary>
internal sealed class Outbox(EngineSettings settings, IImClientStore store)
{
    /// <summary>A server keeps cids for at least 24 h; what may be older is not sent again.</summary>
    public const long MaxAgeMs = 24 * 3600 * 1000L;

    /// <summary>
    /// A refused conversation is tried again within this at the latest: its owner may be back, and the node has waited for it itself before it answered.
    /// A connection backs off for longer.
    /// </summary>
    private const long RetryMaxMs = 4_000;

    private readonly OrderedDictionary<string, OutboxLane> _lanes = [];
    private int _count;
    private int _unanswered;

    public int Count => _count;

    public bool IsFull => _count >= settings.MaxQueued;

    public bool HasUnanswered(string conversation) => _lanes.TryGetValue(conversation, out var lane) && !lane.IsEmpty;

    /// <param name="isStored">It comes from the store, which has it already.</param>
    public void Add(OutboxEntry entry, bool isStored)
    {
        if (!_lanes.TryGetValue(entry.Conversation, out var lane)) _lanes.Add(entry.Conversation, lane = new OutboxLane(new Backoff(settings.Random, RetryMaxMs)));
        lane.Add(entry);
        _count++;
        if (!isStored) store.SaveQueued(entry.ToQueued());
    }

    /// <summary>Sends what may go out now.</summary>
    /// <param name="send">Sends one; its reply comes back by <see cref="OnReply"/>.</param>
    public void Pump(long now, Action<OutboxEntry> send)
    {
        // A copy of the lanes with work: an entry that is too old ends here and may empty its lane.
        foreach (var lane in _lanes.Values.Where(lane => lane.HasWaiting).ToArray())
        {
            while (_unanswered < settings.MaxUnanswered && lane.Next(now) is { } entry)
            {
                _unanswered++;
                if (entry.FirstSentMs > 0 && settings.WallClock() - entry.FirstSentMs > MaxAgeMs)
                {
                    OnReply(entry, new Reply(ReplyCode.OutcomeUnknown, "sent more than 24 h ago", default), now, isFinal: true);
                    continue;
                }
                if (entry.FirstSentMs == 0)
                {
                    entry.FirstSentMs = settings.WallClock();
                    store.SaveQueued(entry.ToQueued());
                }
                send(entry);
            }
        }
    }

    public void OnReply(OutboxEntry entry, Reply reply, long now, bool isFinal = false)
    {
        var lane = _lanes[entry.Conversation];
        _unanswered--;
        if (reply.IsTemporary && !isFinal)
        {
            lane.OnRefused(entry, now, reply.RetryAfterMs);
            return;
        }
        lane.OnFinished(entry, now, reply.IsSuccess);
        if (lane.IsEmpty) _lanes.Remove(entry.Conversation);
        _count--;
        store.RemoveQueued(entry.Cid);
        entry.Finish(reply);
    }

    public void OnDisconnected()
    {
        _unanswered = 0;
        foreach (var lane in _lanes.Values) lane.OnDisconnected();
    }

    /// <summary>Nothing will be sent any more; the store keeps what is left.</summary>
    public void Stop()
    {
        foreach (var entry in _lanes.Values.SelectMany(lane => lane.Entries).ToArray()) entry.Finish(null);
        _lanes.Clear();
        _count = _unanswered = 0;
    }

    public long NextDue(long now)
    {
        var due = long.MaxValue;
        foreach (var lane in _lanes.Values) if (lane.HasWaiting && lane.BlockedUntil > now) due = Math.Min(due, lane.BlockedUntil);
        return due;
    }
}
