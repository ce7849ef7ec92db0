namespace Im.Client.Engine;

/// <summary>What a replica waits for.</summary>
internal enum ReplicaLoad
{
    None,
    Sync,
    History,
}

/// <summary>
/// One conversation at this client: how far it is applied and what came too early. Holds at most <see cref="MaxHeldCount"/> records; the highest
/// are dropped beyond that and read again later. It has no clock: <see cref="ReplicaSet"/> decides when to ask.
/// </summary>
internal sealed class Replica(string conversation, string epoch, long last)
{
    public const int MaxHeldCount = 256;

    private readonly SortedDictionary<long, ImRecord> _held = [];
    private ImGap? _gap;
    private bool _isReset;
    private long _skipped;

    public string Conversation => conversation;

    public string Epoch { get; private set; } = epoch;

    /// <summary>The last number that was handed to the application or skipped.</summary>
    public long Last { get; private set; } = last;

    /// <summary>The last number that the application took.</summary>
    public long Taken { get; set; } = last;

    /// <summary>The highest number that was heard of.</summary>
    public long KnownHead { get; private set; } = last;

    /// <summary>Where to begin is not decided: the conversation is new here, or its epoch is.</summary>
    public bool IsFresh { get; set; }

    public bool HasHeld => _held.Count > 0;

    public bool IsBehind => Last < KnownHead;

    public ReplicaLoad Load { get; set; }

    /// <summary>Not asked again before, after a temporary refusal.</summary>
    public long NotBefore { get; set; }

    /// <summary>When a gap has been waited for long enough; <see cref="long.MaxValue"/> without one.</summary>
    public long HoldUntil { get; set; } = long.MaxValue;

    /// <summary>Answers in a row that brought nothing though a gap was there; the next wait is longer.</summary>
    public int FruitlessCount { get; set; }

    /// <summary>Grows with every applied record, for the order of activity.</summary>
    public long Activity { get; set; }

    public bool IsRoom => conversation.StartsWith("r:", StringComparison.Ordinal);

    /// <summary>The highest number that was skipped since the last call; 0 for none.</summary>
    public long TakeSkipped()
    {
        var skipped = _skipped;
        _skipped = 0;
        return skipped;
    }

    /// <summary>A head that somebody told of.</summary>
    public void Hear(long head) => KnownHead = Math.Max(KnownHead, head);

    /// <summary>The head as an answer of the server has it: what was heard before counts no more, but for what is held.</summary>
    public void Believe(long head) => KnownHead = Math.Max(Math.Max(head, Last), _held.Count > 0 ? _held.Keys.Last() : 0);

    /// <summary>Forgets everything: the next applied record begins a new copy.</summary>
    public void Reset(string epoch)
    {
        Epoch = epoch;
        Last = Taken = KnownHead = 0;
        _held.Clear();
        _gap = null;
        _isReset = true;
        IsFresh = true;
        HoldUntil = long.MaxValue;
    }

    public void DropHeld() => _held.Clear();

    /// <summary>Goes on behind a number without a mark: the application begins there.</summary>
    public void StartAt(long mseq)
    {
        Last = Math.Max(Last, mseq);
        IsFresh = false;
    }

    /// <summary>Numbers up to this one will not come; the next applied record says so.</summary>
    public void SkipTo(long mseq)
    {
        if (mseq <= Last) return;
        _gap = new ImGap(_gap?.From ?? Last + 1, mseq);
        Last = mseq;
        _skipped = mseq;
        Hear(mseq);
    }

    /// <summary>A record of this epoch with a higher number than <see cref="Last"/>.</summary>
    public void Offer(ImRecord record, Action<ImRecord> apply)
    {
        Hear(record.Mseq);
        if (record.Mseq == Last + 1)
        {
            Take(record, apply);
            Drain(apply);
            return;
        }
        _held.TryAdd(record.Mseq, record);
        if (_held.Count > MaxHeldCount) _held.Remove(_held.Keys.Last());
    }

    /// <summary>All readable records from <see cref="Last"/> to <paramref name="upTo"/>: what is not among them will not come.</summary>
    public void TakeAll(IEnumerable<ImRecord> records, long upTo, Action<ImRecord> apply)
    {
        IsFresh = false;
        foreach (var record in records)
        {
            if (record.Mseq <= Last) continue;
            SkipTo(record.Mseq - 1);
            Take(record, apply);
        }
        SkipTo(upTo);
        Drain(apply);
    }

    private void Drain(Action<ImRecord> apply)
    {
        while (_held.Count > 0)
        {
            var (mseq, record) = _held.First();
            if (mseq > Last + 1) return;
            _held.Remove(mseq);
            if (mseq == Last + 1) Take(record, apply);
        }
    }

    private void Take(ImRecord record, Action<ImRecord> apply)
    {
        Last = record.Mseq;
        Hear(Last);
        IsFresh = false;
        var (gap, isReset) = (_gap, _isReset);
        (_gap, _isReset) = (null, false);
        apply(gap is null && !isReset ? record : record with { Gap = gap, IsReset = isReset });
    }
}
