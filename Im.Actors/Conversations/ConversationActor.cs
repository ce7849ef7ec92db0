using Akka.Actor;
using Akka.Cluster.Sharding;
using Im.Actors.Connections;
using Im.Actors.Conversations.Store;
using Im.Actors.Messages;
using Im.Actors.Nodes;
using Im.Protocol;
using Im.Protocol.Json;
using Im.Protocol.Names;

namespace Im.Actors.Conversations;

/// <summary>
/// The one writer of a conversation: gives everything its place in one order, keeps it by the store, answers after the
/// commit and publishes. Who is present needs no store and goes on without it. Passivates a while after the last
/// member has gone and the last record was written.
/// </summary>
internal sealed class ConversationActor : UntypedActor, IWithTimers, ILogOwner
{
    public static Props Create(ConversationKey key, ConversationServices services) =>
        Props.Create(() => new ConversationActor(key, services)).WithDispatcher("im.session-dispatcher");

    /// <summary>Ours instead of PoisonPill, so that what is in the mailbox is handled before a hand-off stops us.</summary>
    public sealed record Stop : INoSerializationVerificationNeeded
    {
        public static readonly Stop Instance = new();
    }

    private sealed record CountDue : INoSerializationVerificationNeeded;

    private sealed record CidsExpire : INoSerializationVerificationNeeded;

    private sealed record LingerOver : INoSerializationVerificationNeeded;

    private sealed record StartDue : INoSerializationVerificationNeeded;

    private sealed record RetryDue : INoSerializationVerificationNeeded;

    private sealed record ReceiptsDue : INoSerializationVerificationNeeded;

    private sealed record MarksRead(IReadOnlyDictionary<string, (long Delivered, long Read)>? Marks) : INoSerializationVerificationNeeded;

    /// <summary>Relays are asked for their part at most so often: each op that comes out of order would have all of them answer.</summary>
    private const long AskAgainAfterMs = 1_000;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan AskNodesAgainAfter = TimeSpan.FromMilliseconds(250);

    /// <summary>So long a hand-off waits for the store.</summary>
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan ReceiptInterval = TimeSpan.FromSeconds(1);

    /// <summary>A mark is stored up to a second after it was told, so an owner who reads sooner might not know what the one before it told last.</summary>
    private static readonly TimeSpan FirstReceiptsAfter = TimeSpan.FromSeconds(2);

    private readonly ConversationServices _services;
    private readonly ConversationFacts _facts;
    private readonly ConversationLog _log;
    private readonly ConversationPublisher _out;
    private readonly RecentCids _cids;
    private readonly HashSet<long> _recalled = [];                              // by this owner: the target of a waiting edit may be older
    private readonly MemberMarks _marks = new();
    private ConversationState _state;
    private RoomStart? _start;    // while the nodes say who is there
    private bool _isStopping;     // told to stop, but for what is being committed
    private bool _isHolder;       // registered for the end of other nodes
    private long _askedAtMs;
    private long _writtenAtMs;

    public ConversationActor(ConversationKey key, ConversationServices services)
    {
        _services = services;
        _facts = new ConversationFacts(key);
        _log = new ConversationLog(_facts, services.Store, this, services.Time);
        _cids = new RecentCids(services.Settings.IdempotencyRetention);
        _state = ConversationState.New(Ulid.New(services.Time.GetUtcNow())[10..18]);
        _out = new ConversationPublisher(_facts, services.Publisher, services.Sessions, Self, _state.Incarnation);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    IActorRef ILogOwner.Self => Self;

    protected override void PreStart()
    {
        _services.Entities.Conversation(1);
        _log.Load();
        if (_facts.Kind == ConversationKind.Room && !_services.View.Peers.IsAlone)
        {
            // Before anybody is asked, so that a node that goes meanwhile is heard of.
            _start = new RoomStart(_services.View.Peers.Others, _services.View.Remote.NowMs);
            Register();
            Timers.StartSingleTimer(nameof(StartDue), new StartDue(), AskNodesAgainAfter);
        }

        AskRelays();
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ConversationCommands.Post post: OnPost(post); break;
            case ConversationCommands.Amend amend: _log.Enqueue(AmendRequest.Of(amend, _services.Settings, _recalled.Contains)); break;
            case ConversationCommands.Group group: _log.Enqueue(GroupRequest.Of(group)); break;
            case ConversationCommands.Enter enter: OnEnter(enter); break;
            case ConversationCommands.Exit exit: OnExit(exit); break;
            case ConversationCommands.Signal signal: OnSignal(signal); break;
            case ConversationCommands.Mark mark: OnMark(mark); break;
            case ConversationCommands.Routed routed: _out.Routed(routed); break;
            case ConversationCommands.PushOnce push: OnPushOnce(push); break;
            case ConversationCommands.Report report: OnReport(report); break;
            case AppendResult result: _log.OnAppended(result); break;
            case LogReads.Loaded loaded: _log.OnLoaded(loaded); break;
            case LogReads.CidFound found: _log.OnCidFound(found); break;
            case LogReads.Recovered recovered: _log.OnRecovered(recovered); break;
            case LogReads.TargetRead read: _log.OnTargetRead(read); break;
            case ReceiptsDue: OnReceiptsDue(); break;
            case MarksRead read: OnMarksRead(read); break;
            case RetryDue: OnRetryDue(); return;
            case PeerGone gone: OnPeerGone(gone); break;
            case StartDue: OnStartDue(); break;
            case CountDue: OnCountDue(); break;
            case CidsExpire: OnCidsExpire(); break;
            case LingerOver: OnLingerOver(); return;
            case Stop: OnStop(); return;
            default: Unhandled(message); return;
        }

        WatchTime();
    }

    public void Publish(LogRequest request, IReadOnlyList<MemberChange> changes)
    {
        _writtenAtMs = NowMs;
        if (request is AmendRequest { IsRecall: true } amend) Recalled(amend.TargetMseq);
        _out.Record(request, changes);
    }

    public void StopStale() => Context.Parent.Tell(new Passivate(Stop.Instance));

    private void OnPost(ConversationCommands.Post post)
    {
        if (_services.Gate.IsOverloaded) post.ReplyTo.Tell(new ConversationEvents.PostRefused(post.Tag, ReplyCode.Overloaded));
        else if (post.Numbered) _log.Enqueue(PostRequest.Of(post, _facts));
        else PostEphemeral(post);
    }

    private void PostEphemeral(ConversationCommands.Post post)
    {
        var now = NowMs;
        if (post.Cid is not null && _cids.TryGet(post.Sender, post.Cid, now, out var first))
        {
            post.ReplyTo.Tell(first with { Tag = post.Tag, Duplicate = true });
            return;
        }

        var decision = _facts.Kind == ConversationKind.Group && !_log.IsLoaded ? new LogDecision(ReplyCode.Overloaded) : PostRequest.Of(post, _facts).Decide(_facts, now);
        if (!decision.IsStore)
        {
            post.ReplyTo.Tell(new ConversationEvents.PostRefused(post.Tag, decision.Code) { Field = decision.Field });
            return;
        }

        _state = _state.Announced();
        _out.Ephemeral(post, _state.Order, _state.Members, now);
        var posted = new ConversationEvents.Posted(post.Tag, post.MessageId, _facts.Epoch, 0, now, false);
        if (post.Cid is not null) Remember(post.Sender, post.Cid, posted, now);
        post.ReplyTo.Tell(posted);
    }

    private void OnEnter(ConversationCommands.Enter enter)
    {
        if (_start is not null)
        {
            _start.Hold(enter);
            return;
        }

        if (!Accepts(enter.Relay, enter.Op, enter.Previous)) return;
        _state = _state.Entered(enter.Relay, enter.Op, enter.IsFirst);
        Register();
        Announce(EnvelopeKind.Entered, CommandNames.Enter, PushWriter.EnterText, enter.User, enter.Relay, enter.Op);
    }

    private void OnExit(ConversationCommands.Exit exit)
    {
        if (_start is not null)
        {
            _start.Hold(exit);
            return;
        }

        if (!Accepts(exit.Relay, exit.Op, exit.Previous)) return;
        _state = _state.Exited(exit.Relay, exit.Op);
        Announce(EnvelopeKind.Exited, CommandNames.Exit, PushWriter.ExitText, exit.User, exit.Relay, exit.Op);
    }

    private void OnSignal(ConversationCommands.Signal signal)
    {
        var user = signal.User.Value;
        var allowed = _facts.Kind switch
        {
            ConversationKind.Group => _facts.Members.TryGetValue(user, out var role) && role != MemberRole.Muted,
            ConversationKind.Pair => _facts.NamedUsers.Contains(user),
            ConversationKind.Inbox => false,
            _ => true,
        };
        if (!allowed) return;
        _state = _state.Announced();
        _out.Signal(user, signal.SenderConnection, signal.Frame, _state.Order, _state.Members, NowMs);
    }

    private void OnMark(ConversationCommands.Mark mark)
    {
        var user = mark.User.Value;
        if (_facts.Kind is ConversationKind.Room or ConversationKind.Inbox || (_facts.Kind == ConversationKind.Group ? !_facts.IsMember(user) : !_facts.NamedUsers.Contains(user))) return;
        _marks.Move(user, mark.Delivered, mark.Read);
        if (!Timers.IsTimerActive(nameof(ReceiptsDue))) Timers.StartSingleTimer(nameof(ReceiptsDue), new ReceiptsDue(), _marks.IsLoaded ? ReceiptInterval : FirstReceiptsAfter);
    }

    /// <summary>A new owner reads first how far everybody was, so that no mark goes back.</summary>
    private void OnReceiptsDue()
    {
        if (_marks.IsLoaded) TellReceipts();
        else _services.Store.ReadMarksAsync(_facts.Key).PipeTo(Self, Self, marks => new MarksRead(marks), _ => new MarksRead(null));
    }

    private void OnMarksRead(MarksRead read)
    {
        _marks.Load(read.Marks);
        TellReceipts();
    }

    private void TellReceipts()
    {
        var conversation = _facts.Key.Conversation.Value;
        foreach (var (user, delivered, read) in _marks.TakeMoved())
        {
            var push = PushWriter.Receipt(Ulid.New(_services.Time.GetUtcNow()), conversation, user, delivered, read);
            _state = _state.Announced();
            _out.Signal(user, null, new Frame(push, FrameKind.Ephemeral, $"receipt:{conversation}:{user}"), _state.Order, _state.Members, NowMs);
        }
    }

    private void OnPushOnce(ConversationCommands.PushOnce push)
    {
        var now = NowMs;
        if (_cids.TryGet(push.Sender, push.Cid, now, out var first))
        {
            Sender.Tell(new ConversationEvents.Claimed(first.MessageId, true) { Tag = push.Tag });
            return;
        }

        var messageId = push.Push.MessageId;
        Remember(push.Sender, push.Cid, new ConversationEvents.Posted(0, messageId, _facts.Epoch, 0, now, false), now);
        _services.Sessions.Tell(push.Push);
        Sender.Tell(new ConversationEvents.Claimed(messageId, false) { Tag = push.Tag });
    }

    private void OnReport(ConversationCommands.Report report)
    {
        _state = _state.Reported(report.Relay, report.Users, report.Op);
        foreach (var relay in report.Gone) Lost(relay);
        _start?.Answered(report.Relay);
        EndStart(isLate: false);
        Register();
    }

    /// <summary>What was lost with the node is taken out in the room's order; whose exits that are, the other relays know.</summary>
    private void OnPeerGone(PeerGone gone)
    {
        foreach (var relay in _state.RelaysOf(gone.Node)) Lost(relay);
        _start?.Gone(gone.Node);
        EndStart(isLate: false);
        Register();
    }

    private void OnStartDue()
    {
        if (_start is null) return;
        EndStart(_start.IsLate(_services.View.Remote.NowMs));
        if (_start is null) return;
        AskRelays();
        Timers.StartSingleTimer(nameof(StartDue), new StartDue(), AskNodesAgainAfter);
    }

    private void OnCountDue()
    {
        _state = _state.Announced();
        var frame = new Frame(PushWriter.Count(Ulid.New(_services.Time.GetUtcNow()), _facts.Key.Conversation.Value, _state.Members), FrameKind.Ephemeral, "count:" + _facts.Key.Conversation.Value);
        _out.Publish(Envelope(EnvelopeKind.Count, "", new PushFrames(null, frame)));
    }

    private void OnCidsExpire()
    {
        _cids.Expire(NowMs);
        if (!_cids.IsEmpty) Timers.StartSingleTimer(nameof(CidsExpire), new CidsExpire(), _services.Settings.IdempotencyRetention);
    }

    private void OnRetryDue()
    {
        if (_log.NeedsRetry) _log.RetryPending();
        _out.Repeat();
        WatchTime();
    }

    private void OnLingerOver()
    {
        if (!IsUnused) return;
        var left = Math.Max(_log.Remembers.TotalMilliseconds, _writtenAtMs > 0 ? _services.Settings.LogLinger.TotalMilliseconds - (NowMs - _writtenAtMs) : 0);
        if (left > 0) Timers.StartSingleTimer(nameof(LingerOver), new LingerOver(), TimeSpan.FromMilliseconds(left + 1));
        else Context.Parent.Tell(new Passivate(Stop.Instance));
    }

    /// <summary>What is being committed is answered and published before we go, if the store is not slow: nobody else would do it at once.</summary>
    private void OnStop()
    {
        if (_log.IsIdle || _isStopping)
        {
            End();
            return;
        }

        _isStopping = true;
        Timers.StartSingleTimer(nameof(Stop), Stop.Instance, LongestStop);
    }

    /// <summary>
    /// Somebody may have entered after we asked to be stopped. The shard holds messages back by now, so the relays' parts
    /// are what our successor begins with.
    /// </summary>
    private void End()
    {
        foreach (var (relay, part) in _state.Parts)
        {
            if (part.Users > 0) Context.Parent.Tell(new ConversationCommands.Report(_facts.Key, relay, part.Users, part.LastOp));
        }

        Context.Stop(Self);
    }

    private void EndStart(bool isLate)
    {
        if (_start is not { } start || !(start.IsOver || isLate)) return;
        _start = null;
        foreach (var relay in start.Lost) Lost(relay);
        foreach (var op in start.Held)
        {
            if (op is ConversationCommands.Enter enter) OnEnter(enter);
            else if (op is ConversationCommands.Exit exit) OnExit(exit);
        }
    }

    private void Lost(IActorRef relay)
    {
        if (_start is not null)
        {
            _start.Lose(relay);
            return;
        }

        _state = _state.Lost(relay);
        _out.Publish(Envelope(EnvelopeKind.RelayGone, "", new PushFrames(null, null)) with { Relay = relay });
        CountSoonWhenLarge();
    }

    /// <summary>An owner with relays on other nodes is told when such a node has gone.</summary>
    private void Register()
    {
        var isHolder = _start is not null || _state.HasRemote;
        if (isHolder == _isHolder) return;
        _isHolder = isHolder;
        if (isHolder) _services.View.Remote.Hold(Self);
        else _services.View.Remote.Release(Self);
    }

    private bool Accepts(IActorRef relay, long op, long previous)
    {
        switch (_state.Decide(relay, op, previous))
        {
            case OpDecision.Apply:
                return true;
            case OpDecision.AlreadyApplied:
                // By the topic, not directly: it must not overtake what was published before it.
                _out.Publish(Envelope(EnvelopeKind.Applied, "", new PushFrames(null, null)) with { Relay = relay, Op = op });
                return false;
            default:
                if (NowMs - _askedAtMs >= AskAgainAfterMs) AskRelays();
                return false;
        }
    }

    /// <summary>Level 0 sees every enter and exit; level 2 sees a count instead once the room is large.</summary>
    private void Announce(EnvelopeKind kind, string command, string text, UserId user, IActorRef relay, long op)
    {
        var conversation = _facts.Key.Conversation.Value;
        var content = new PushContent(Ulid.New(_services.Time.GetUtcNow()), command, "text", text, user.Value, conversation, null, 0, null, null, NowMs);
        var large = _state.Members > _services.Settings.CountThreshold;
        var frames = new PushFrames(
            new Frame(PushWriter.Level0(content), FrameKind.Record, conversation),
            large ? null : new Frame(PushWriter.Level2(content), FrameKind.Ephemeral));
        CountSoonWhenLarge();
        _out.Publish(Envelope(kind, user.Value, frames) with { Relay = relay, Op = op });
    }

    private void CountSoonWhenLarge()
    {
        if (_state.Members > _services.Settings.CountThreshold && !Timers.IsTimerActive(nameof(CountDue)))
            Timers.StartSingleTimer(nameof(CountDue), new CountDue(), _services.Settings.CountInterval);
    }

    private void Recalled(long mseq)
    {
        if (_recalled.Count >= 10_000) _recalled.Clear();
        _recalled.Add(mseq);
    }

    private void Remember(string sender, string cid, ConversationEvents.Posted answer, long now)
    {
        if (_cids.IsEmpty) Timers.StartSingleTimer(nameof(CidsExpire), new CidsExpire(), _services.Settings.IdempotencyRetention);
        _cids.Add(sender, cid, answer, now);
    }

    private void AskRelays()
    {
        _askedAtMs = NowMs;
        _out.Publish(Envelope(EnvelopeKind.OwnerStarted, "", new PushFrames(null, null)));
    }

    private ConversationEnvelope Envelope(EnvelopeKind kind, string user, PushFrames frames) => _out.Envelope(kind, user, frames, _state.Order, _state.Members, NowMs);

    private long NowMs => _services.Time.GetUtcNow().ToUnixTimeMilliseconds();

    private bool IsUnused => _start is null && _state.Members == 0 && _cids.IsEmpty && !_marks.HasMoved && _log.IsIdle;

    /// <summary>What has to be tried again, and the wish to end when nothing is left to do.</summary>
    private void WatchTime()
    {
        if (_isStopping && _log.IsIdle)
        {
            End();
            return;
        }

        if ((_log.NeedsRetry || _out.HasUnrouted) && !Timers.IsTimerActive(nameof(RetryDue))) Timers.StartSingleTimer(nameof(RetryDue), new RetryDue(), RetryAfter);
        if (IsUnused && !Timers.IsTimerActive(nameof(LingerOver))) Timers.StartSingleTimer(nameof(LingerOver), new LingerOver(), _services.Settings.Linger);
    }

    protected override void PostStop()
    {
        _services.View.Remote.Release(Self);
        _services.Entities.Conversation(-1);
    }
}
