using Akka.Actor;
using Akka.Cluster.Sharding;
using Im.Actors.Connections;
using Im.Actors.Messages;
using Im.Protocol;
using Im.Protocol.Json;
using Im.Protocol.Names;

namespace Im.Actors.Conversations;

/// <summary>
/// The one writer of a conversation: gives everything its place in one order, encodes it once, publishes it. Memory
/// only so far: mseq and epoch are assigned, nothing is kept. Passivates a while after it has neither members nor cids.
/// </summary>
internal sealed class ConversationActor : UntypedActor, IWithTimers
{
    public static Props Create(ConversationKey key, IActorRef publisher, IActorRef sessions, IFanoutGate gate, ConversationSettings settings, TimeProvider time) =>
        Props.Create(() => new ConversationActor(key, publisher, sessions, gate, settings, time)).WithDispatcher("im.session-dispatcher");

    /// <summary>Ours instead of PoisonPill, so that what is in the mailbox is handled before a hand-off stops us.</summary>
    public sealed record Stop : INoSerializationVerificationNeeded
    {
        public static readonly Stop Instance = new();
    }

    private sealed record CountDue : INoSerializationVerificationNeeded;

    private sealed record CidsExpire : INoSerializationVerificationNeeded;

    private sealed record LingerOver : INoSerializationVerificationNeeded;

    /// <summary>Relays are asked for their part at most so often: each op that comes out of order would have all of them answer.</summary>
    private const long AskAgainAfterMs = 1_000;

    private readonly ConversationKey _key;
    private readonly IActorRef _publisher;
    private readonly IActorRef _sessions;
    private readonly IFanoutGate _gate;
    private readonly ConversationSettings _settings;
    private readonly TimeProvider _time;
    private readonly RecentCids _cids;
    private ConversationState _state;
    private long _askedAtMs;

    public ConversationActor(ConversationKey key, IActorRef publisher, IActorRef sessions, IFanoutGate gate, ConversationSettings settings, TimeProvider time)
    {
        _key = key;
        _publisher = publisher;
        _sessions = sessions;
        _gate = gate;
        _settings = settings;
        _time = time;
        _cids = new RecentCids(settings.IdempotencyRetention);
        _state = ConversationState.New(Ulid.New(time.GetUtcNow())[10..18]);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        EntityCounters.Conversation(1);
        AskRelays();
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ConversationCommands.Post post: OnPost(post); break;
            case ConversationCommands.Enter enter: OnEnter(enter); break;
            case ConversationCommands.Exit exit: OnExit(exit); break;
            case ConversationCommands.PushOnce push: OnPushOnce(push); break;
            case ConversationCommands.Report report: _state = _state.Reported(report.Relay, report.Users, report.Op); break;
            case CountDue: OnCountDue(); break;
            case CidsExpire: OnCidsExpire(); break;
            case LingerOver: OnLingerOver(); break;
            case Stop: OnStop(); break;
            default: Unhandled(message); break;
        }
    }

    private void OnPost(ConversationCommands.Post post)
    {
        var now = NowMs;
        if (post.Cid is not null && _cids.TryGet(post.Sender, post.Cid, now, out var first))
        {
            post.ReplyTo.Tell(first with { Tag = post.Tag, Duplicate = true });
            return;
        }

        if (_gate.IsOverloaded)
        {
            post.ReplyTo.Tell(new ConversationEvents.PostRefused(post.Tag, ReplyCode.Overloaded));
            PassivateWhenUnused();
            return;
        }

        _state = _state.Posted(post.Numbered);
        var posted = new ConversationEvents.Posted(post.Tag, post.MessageId, _state.Epoch, post.Numbered ? _state.Head : 0, now, false);
        _publisher.Tell(Envelope(post.Numbered ? EnvelopeKind.Record : EnvelopeKind.Ephemeral, post.ExcludeUser?.Value ?? post.From, Encode(post, now)) with
        {
            MessageId = post.MessageId,
            ExcludeUser = post.ExcludeUser is not null,
            SenderConnection = post.SenderConnection,
            ReportTo = post.ReportTo,
        });
        if (post.Cid is not null) Remember(post.Sender, post.Cid, posted, now);
        post.ReplyTo.Tell(posted);
        PassivateWhenUnused();
    }

    private void OnEnter(ConversationCommands.Enter enter)
    {
        if (!Accepts(enter.Relay, enter.Op, enter.Previous)) return;
        _state = _state.Entered(enter.Relay, enter.Op, enter.IsFirst);
        Announce(EnvelopeKind.Entered, CommandNames.Enter, PushWriter.EnterText, enter.User, enter.Relay, enter.Op);
    }

    private void OnExit(ConversationCommands.Exit exit)
    {
        if (!Accepts(exit.Relay, exit.Op, exit.Previous)) return;
        _state = _state.Exited(exit.Relay, exit.Op);
        Announce(EnvelopeKind.Exited, CommandNames.Exit, PushWriter.ExitText, exit.User, exit.Relay, exit.Op);
        PassivateWhenUnused();
    }

    private void OnPushOnce(ConversationCommands.PushOnce push)
    {
        var now = NowMs;
        if (_cids.TryGet(push.Sender, push.Cid, now, out var first))
        {
            Sender.Tell(new ConversationEvents.Claimed(first.MessageId, true));
            return;
        }

        var messageId = push.Push.MessageId;
        Remember(push.Sender, push.Cid, new ConversationEvents.Posted(0, messageId, _state.Epoch, 0, now, false), now);
        _sessions.Tell(push.Push);
        Sender.Tell(new ConversationEvents.Claimed(messageId, false));
    }

    private void OnCountDue()
    {
        _state = _state.Announced();
        var frame = new Frame(PushWriter.Count(Ulid.New(_time.GetUtcNow()), _key.Conversation.Value, _state.Members), FrameKind.Ephemeral, "count:" + _key.Conversation.Value);
        _publisher.Tell(Envelope(EnvelopeKind.Count, "", new PushFrames(null, frame)));
    }

    private void OnCidsExpire()
    {
        _cids.Expire(NowMs);
        if (!_cids.IsEmpty) Timers.StartSingleTimer(nameof(CidsExpire), new CidsExpire(), _settings.IdempotencyRetention);
        PassivateWhenUnused();
    }

    private void OnLingerOver()
    {
        if (IsUnused) Context.Parent.Tell(new Passivate(Stop.Instance));
    }

    /// <summary>
    /// Somebody may have entered after we asked to be stopped. The shard holds messages back by now, so the relays' parts
    /// are what our successor begins with.
    /// </summary>
    private void OnStop()
    {
        foreach (var (relay, part) in _state.Parts)
        {
            if (part.Users > 0) Context.Parent.Tell(new ConversationCommands.Report(_key, relay, part.Users, part.LastOp));
        }

        Context.Stop(Self);
    }

    private bool Accepts(IActorRef relay, long op, long previous)
    {
        switch (_state.Decide(relay, op, previous))
        {
            case OpDecision.Apply:
                return true;
            case OpDecision.AlreadyApplied:
                // By the topic, not directly: it must not overtake what was published before it.
                _publisher.Tell(Envelope(EnvelopeKind.Applied, "", new PushFrames(null, null)) with { Relay = relay, Op = op });
                return false;
            default:
                if (NowMs - _askedAtMs >= AskAgainAfterMs) AskRelays();
                return false;
        }
    }

    /// <summary>Level 0 sees every enter and exit; level 2 sees a count instead once the room is large.</summary>
    private void Announce(EnvelopeKind kind, string command, string text, UserId user, IActorRef relay, long op)
    {
        var now = NowMs;
        var content = new PushContent(Ulid.New(_time.GetUtcNow()), command, "text", text, user.Value, _key.Conversation.Value, null, 0, null, null, now);
        var large = _state.Members > _settings.CountThreshold;
        var frames = new PushFrames(
            new Frame(PushWriter.Level0(content), FrameKind.Record, _key.Conversation.Value),
            large ? null : new Frame(PushWriter.Level2(content), FrameKind.Record, _key.Conversation.Value));
        if (large && !Timers.IsTimerActive(nameof(CountDue))) Timers.StartSingleTimer(nameof(CountDue), new CountDue(), _settings.CountInterval);
        _publisher.Tell(Envelope(kind, user.Value, frames) with { Relay = relay, Op = op });
    }

    private PushFrames Encode(ConversationCommands.Post post, long now)
    {
        var content = new PushContent(
            post.Seq ?? post.MessageId, post.Command, post.Type, post.Text, post.From, _key.Conversation.Value,
            post.Numbered ? _state.Epoch : null, _state.Head, post.SenderConnection is null ? null : post.Cid, post.Ext, now);
        var kind = post.Numbered ? FrameKind.Record : FrameKind.Ephemeral;
        var key = post.Numbered ? _key.Conversation.Value : null;
        return new PushFrames(new Frame(PushWriter.Level0(content), kind, key), new Frame(PushWriter.Level2(content), kind, key));
    }

    private void Remember(string sender, string cid, ConversationEvents.Posted answer, long now)
    {
        if (_cids.IsEmpty) Timers.StartSingleTimer(nameof(CidsExpire), new CidsExpire(), _settings.IdempotencyRetention);
        _cids.Add(sender, cid, answer, now);
    }

    private void AskRelays()
    {
        _askedAtMs = NowMs;
        _publisher.Tell(Envelope(EnvelopeKind.OwnerStarted, "", new PushFrames(null, null)));
    }

    private ConversationEnvelope Envelope(EnvelopeKind kind, string user, PushFrames frames) =>
        new(_key, kind, _state.Epoch, _state.Order, _state.Head, user, _state.Members, frames, NowMs);

    private long NowMs => _time.GetUtcNow().ToUnixTimeMilliseconds();

    private bool IsUnused => _state.Members == 0 && _cids.IsEmpty;

    private void PassivateWhenUnused()
    {
        if (IsUnused) Timers.StartSingleTimer(nameof(LingerOver), new LingerOver(), _settings.Linger);
    }

    protected override void PostStop() => EntityCounters.Conversation(-1);
}
