using Akka.Actor;
using Im.Actors.Conversations.Store;
using Im.Protocol;

namespace Im.Actors.Conversations;

/// <summary>What a log needs of its owner's actor.</summary>
internal interface ILogOwner
{
    IActorRef Self { get; }

    /// <summary>Committed: hand it out. Called in the order of mseq.</summary>
    void Publish(LogRequest request, IReadOnlyList<MemberChange> changes);

    /// <summary>Another owner lives, or the row changed under us: stop, the next owner loads afresh.</summary>
    void StopStale();
}

/// <summary>
/// The durable half of a ConversationActor: gives records their numbers, one part in flight at a time, and answers and
/// publishes after the commit, never before. What an append with an unknown outcome came to is read back from the locked row
/// before anything else gets a number (rules.md §1, §2). Used on the actor's own thread alone.
/// </summary>
/// <remarks>Bound: see <see cref="WaitingRequests"/>; what comes when it is full is refused with 1016.</remarks>
internal sealed class ConversationLog(ConversationFacts facts, IMessageStore store, ILogOwner owner, TimeProvider time)
{
    private const int MaxPartCount = 512;
    private const int MaxPartBytes = 1024 * 1024;

    private enum Phase
    {
        /// <summary>The row has not been read yet; requests wait.</summary>
        Loading,
        Open,

        /// <summary>The outcome of the part in flight is being found out; requests are refused for a while.</summary>
        Recovering,

        /// <summary>Stale: everything is refused until the actor stops.</summary>
        Stopped,
    }

    private readonly LogReads _reads = new(facts.Key, store, owner);
    private readonly WaitingRequests _waiting = new();
    private readonly Dictionary<(string Sender, string Cid), LogRequest> _open = [];
    private readonly RecentRecords _recent = new();
    private readonly RecentDecisions _decided = new(time);
    private readonly SendWindows _windows = new();
    private List<LogRequest> _inFlight = [];
    private Phase _phase = Phase.Loading;
    private int _lookups;
    private long _tag;

    public bool IsLoaded => _phase != Phase.Loading;

    /// <summary>Nothing waits, nothing is under way.</summary>
    public bool IsIdle => _waiting.IsEmpty && _inFlight.Count == 0 && _lookups == 0 && _phase is Phase.Open or Phase.Stopped;

    /// <summary>
    /// So long a copy may come of what was answered for good without a record: an owner that went before would have it decided again. Not where there is no
    /// conversation, since names of those cost nothing.
    /// </summary>
    public TimeSpan Remembers => facts.Exists ? _decided.Left : TimeSpan.Zero;

    private long NowMs => time.GetUtcNow().ToUnixTimeMilliseconds();

    public void Load() => _reads.Load();

    public void OnLoaded(LogReads.Loaded loaded)
    {
        if (_phase != Phase.Loading) return;
        if (!loaded.IsAvailable)
        {
            RefuseWaiting(ReplyCode.Overloaded);
            return;
        }

        facts.Load(loaded.Row, store.Generation);
        _phase = Phase.Open;
        AppendNext();
    }

    /// <summary>A request wants in: its window and cid are looked at first, then it waits.</summary>
    public void Enqueue(LogRequest request)
    {
        var repeat = request.Place?.IsRepeat == true;
        if (request.Place is { } place)
        {
            switch (_windows.Decide(place))
            {
                case WindowDecision.Drop: return;
                case WindowDecision.Repeat: repeat = true; break;
            }
        }

        if (request.Key is { } key && FindOpen(key, request, out repeat, repeat)) return;
        if (_phase is Phase.Recovering or Phase.Stopped || !store.IsAvailable || _waiting.IsFull)
        {
            Refuse(request, ReplyCode.Overloaded);
            return;
        }

        if (request.Place is not null) _windows.Taken(request.Place);
        if (request.Key is { } own) _open.TryAdd(own, request);
        request.IsUnsure = repeat && request.Key is not null;
        _waiting.Add(request);
        AppendNext();
    }

    public void OnAppended(AppendResult result)
    {
        if (result.Tag != _tag || _inFlight.Count == 0 || _phase != Phase.Open) return;
        switch (result.Outcome)
        {
            case AppendOutcome.Committed: OnCommitted(); break;
            case AppendOutcome.Fenced: OnStale(); break;
            case AppendOutcome.Rejected: OnRejected(result.BadRecord); break;
            case AppendOutcome.Unavailable: OnUnavailable(); break;
            case AppendOutcome.Unknown: OnUnknown(); break;
        }
    }

    /// <summary>What was decided speaks once it is known that its cid is not stored; not when the log has stopped meanwhile, for then it was decided by old facts.</summary>
    public void OnCidFound(LogReads.CidFound found)
    {
        _lookups--;
        if (found.Row is { } row) AnswerStored(found.Request, row);
        else if (!found.IsAvailable || _phase != Phase.Open) Refuse(found.Request, ReplyCode.Overloaded);
        else if (found.Otherwise.IsStore) _waiting.PutBack(found.Request);
        else if (found.Otherwise.Answered) AnswerHeld(found.Request);
        else Refuse(found.Request, found.Otherwise);
        AppendNext();
    }

    public void OnTargetRead(LogReads.TargetRead read)
    {
        _lookups--;
        if (read.Page.Outcome == ReadOutcome.Unavailable || _phase != Phase.Open)
        {
            Refuse(read.Request, ReplyCode.Overloaded);
        }
        else
        {
            read.Request.Read(read.Page.Records.FirstOrDefault(record => record.Mseq == read.Request.TargetMseq));
            _waiting.PutBack(read.Request);
        }

        AppendNext();
    }

    public void OnRecovered(LogReads.Recovered recovered)
    {
        if (_phase != Phase.Recovering) return;
        if (!recovered.IsAvailable) return;
        var first = facts.Head;
        var committed = recovered.Row is { } row && row.Epoch == facts.Epoch && row.Head == first + _inFlight.Count && _inFlight.TrueForAll(request => IsIn(recovered, request));
        var untouched = (recovered.Row?.Head ?? 0) == first && (recovered.Row is null || recovered.Row.Epoch == facts.Epoch);
        _phase = Phase.Open;
        if (committed) Apply(request => { });
        else if (!untouched) OnStale();
        _inFlight = [];
        AppendNext();
    }

    /// <summary>The recovery's read failed; called by the owner's timer until it succeeds.</summary>
    public void RetryPending()
    {
        if (_phase == Phase.Loading) Load();
        else if (_phase == Phase.Recovering) _reads.Recover(_inFlight);
    }

    public bool NeedsRetry => _phase is Phase.Loading or Phase.Recovering;

    /// <summary>
    /// Another content under a cid that is still open: which of the two is stored is not known yet, it may be this one by an owner before. It waits for its
    /// turn, and the store is asked then.
    /// </summary>
    /// <param name="mayBeStored">The store has to be asked before it gets a number.</param>
    private bool FindOpen((string Sender, string Cid) key, LogRequest request, out bool mayBeStored, bool isRepeat)
    {
        mayBeStored = isRepeat;
        if (_open.TryGetValue(key, out var open))
        {
            mayBeStored = true;
            if (!request.Hash.AsSpan().SequenceEqual(open.Hash)) return false;
            if (open.AlsoAnswer(request)) TakePlace(request);
            return true;
        }

        if (!_recent.TryGet(key, NowMs, out var row)) return false;
        AnswerStored(request, row);
        return true;
    }

    private void AnswerDecided(LogRequest request, RecentDecision decided)
    {
        Close(request);
        if (decided.Held is { } held) request.Succeed(facts, held, duplicate: true);
        else request.Refuse(decided.Decision);
    }

    private void AnswerStored(LogRequest request, CidRow row)
    {
        if (row.PayloadHash.Span.SequenceEqual(request.Hash))
        {
            Close(request);
            TakePlace(request);
            request.Succeed(facts, row, duplicate: true);
        }
        else
        {
            Conflict(request);
        }
    }

    private void Conflict(LogRequest request)
    {
        if (request.Key is { } key && _open.GetValueOrDefault(key) == request) _open.Remove(key);
        TakePlace(request);
        request.Refuse(ReplyCode.IdempotencyConflict, "cid");
    }

    /// <summary>Makes the next part of what waits, unless one is in flight or a cid is being looked up: nothing overtakes what is not settled.</summary>
    private void AppendNext()
    {
        if (_phase != Phase.Open || _inFlight.Count > 0) return;
        var records = new List<AppendRecord>();
        var members = new List<MemberChange>();
        var bytes = 0;
        var now = Math.Max(NowMs, facts.LastTimestampMs);
        string? name = null;
        while (_lookups == 0 && records.Count < MaxPartCount && bytes < MaxPartBytes && _waiting.Take(alone: records.Count > 0) is { } request)
        {
            if (!IsTaken(request, now)) continue;
            var mseq = facts.Head + 1 + records.Count;
            var record = request.ToRecord(mseq, now);
            request.Record = record.Record;
            records.Add(record);
            members.AddRange(request.MemberChanges(mseq));
            _inFlight.Add(request);
            bytes += request.Bytes;
            if (!request.ChangesMembers) continue;
            name = (request as GroupRequest)?.NewName;
            break;
        }

        if (records.Count > 0) store.Append(new AppendPart(facts.Key, facts.Epoch, facts.Head, !facts.Exists, name, records, members, ++_tag, owner.Self));
    }

    /// <summary>Asks the rules; a refusal, or that nothing is to be done, speaks only when its cid is not stored.</summary>
    private bool IsTaken(LogRequest request, long now)
    {
        if (request.Place is { } place && _windows.IsBroken(place))
        {
            Refuse(request, ReplyCode.Overloaded);
            return false;
        }

        if (request.Key is { } key && _decided.TryGet(key, request.Hash, out var decided))
        {
            AnswerDecided(request, decided);
            return false;
        }

        if (request.IsUnsure)
        {
            request.IsUnsure = false;
            LookUp(request, LogDecision.Store);
            return false;
        }

        if (request is AmendRequest { HasRead: false } amend)
        {
            _lookups++;
            _reads.ReadTarget(amend);
            return false;
        }

        var decision = request.Decide(facts, now);
        if (decision.IsStore) return true;
        if (request.Key is not null) LookUp(request, decision);
        else if (decision.Answered) AnswerHeld(request);
        else Refuse(request, decision);
        return false;
    }

    private void AnswerHeld(LogRequest request)
    {
        Close(request);
        var held = new CidRow(facts.Epoch, facts.Head, request.MessageId, NowMs, request.Hash);
        if (request.Key is { } key) _decided.Add(key, request.Hash, new RecentDecision(default, held));
        request.Succeed(facts, held, duplicate: false);
    }

    private void OnCommitted()
    {
        Apply(request => request.Succeed(facts, RowOf(request), duplicate: false));
        _inFlight = [];
        AppendNext();
    }

    /// <summary>The part is on disk: the facts move, then each is answered and handed out.</summary>
    private void Apply(Action<LogRequest> answer)
    {
        foreach (var request in _inFlight)
        {
            var record = request.Record!;
            var changes = request.MemberChanges(record.Mseq);
            if (request is GroupRequest { NewName: { } name }) facts.Created(name);
            facts.Committed(record, changes);
            if (request.Key is { } key)
            {
                _open.Remove(key);
                _recent.Add(key, RowOf(request), NowMs);
            }

            answer(request);
            owner.Publish(request, changes);
        }
    }

    private void OnStale()
    {
        _phase = Phase.Stopped;
        RefuseInFlight(ReplyCode.Overloaded);
        RefuseWaiting(ReplyCode.Overloaded);
        owner.StopStale();
    }

    /// <summary>One record was refused for its data: most often its cid is stored already. The others go on without it.</summary>
    private void OnRejected(int bad)
    {
        var part = _inFlight;
        _inFlight = [];
        if (bad < 0 || bad >= part.Count)
        {
            foreach (var request in part) Refuse(request, ReplyCode.Overloaded);
            AppendNext();
            return;
        }

        foreach (var request in part.Where((_, i) => i != bad)) _waiting.PutBack(request);
        var refused = new LogDecision(ReplyCode.BadParameter);
        if (part[bad].Key is null) Refuse(part[bad], refused);
        else LookUp(part[bad], refused);
        AppendNext();
    }

    private void OnUnavailable()
    {
        RefuseInFlight(ReplyCode.Overloaded);
        RefuseWaiting(ReplyCode.Overloaded);
    }

    private void OnUnknown()
    {
        _phase = Phase.Recovering;
        foreach (var request in _inFlight)
        {
            Close(request);
            foreach (var place in request.Places) _windows.Break(place);
            request.Refuse(ReplyCode.OutcomeUnknown);
        }

        RefuseWaiting(ReplyCode.Overloaded);
        _reads.Recover(_inFlight);
    }

    private void RefuseInFlight(ReplyCode code)
    {
        foreach (var request in _inFlight) Refuse(request, code);
        _inFlight = [];
    }

    private void RefuseWaiting(ReplyCode code)
    {
        foreach (var request in _waiting.TakeAll()) Refuse(request, code);
    }

    private void Refuse(LogRequest request, ReplyCode code) => Refuse(request, new LogDecision(code));

    /// <summary>
    /// For a while: the windows that it is in take nothing more, so that what was sent behind it cannot overtake it. For good: a copy gets the same, unless the
    /// request brings its reason along and a later one with its cid may not.
    /// </summary>
    private void Refuse(LogRequest request, LogDecision decision)
    {
        Close(request);
        if (decision.Code.IsTemporary())
        {
            foreach (var place in request.Places) _windows.Break(place);
        }
        else if (request.Key is { } key && !request.IsOutside)
        {
            _decided.Add(key, request.Hash, new RecentDecision(decision, null));
        }

        request.Refuse(decision);
    }

    private void Close(LogRequest request)
    {
        if (request.Key is { } key && _open.GetValueOrDefault(key) == request) _open.Remove(key);
    }

    /// <summary>A send that gets the answer of another with its cid is taken all the same: the next number of its window is the one behind it.</summary>
    private void TakePlace(LogRequest request)
    {
        if (request.Place is { } place && _windows.Decide(place) == WindowDecision.Take) _windows.Taken(place);
    }

    private static bool IsIn(LogReads.Recovered recovered, LogRequest request) =>
        request.Key is not { } key || (recovered.Found.TryGetValue(key, out var row) && row.Mseq == request.Record!.Mseq && row.MessageId == request.MessageId);

    private CidRow RowOf(LogRequest request) => new(facts.Epoch, request.Record!.Mseq, request.MessageId, request.Record.TimestampMs, request.Hash);

    private void LookUp(LogRequest request, LogDecision otherwise)
    {
        _lookups++;
        _reads.FindCid(request, otherwise);
    }
}
