using Akka.Actor;
using Im.Actors.Connections.Commands;
using Im.Actors.Conversations;
using Im.Actors.Messages;
using Im.Actors.Nodes;
using Im.Actors.Relays;
using Im.Actors.Sessions;
using Im.Actors.Telemetry;
using Im.Protocol;
using Im.Protocol.Json;
using Im.Protocol.Names;

namespace Im.Actors.Connections;

/// <summary>
/// One socket, on the node that accepted it: Connected (login awaited) → Active → Draining → closed. Routes commands,
/// owns the socket's life and its close code. Commands are carried out in order; while one waits for other actors the
/// later ones wait behind it, at most as many as the connection may have unanswered.
/// </summary>
internal sealed class ConnectionActor : UntypedActor, IConnection
{
    /// <summary>A flow asks again after so many ticks; a pipelined command waits at most twice that, then 1017.</summary>
    private const int SlowTicks = 4;

    public static Props Create(ConnectionServices services) =>
        Props.Create(() => new ConnectionActor(services)).WithDispatcher("im.conn-dispatcher");

    /// <summary>The first message: the socket that this actor is for.</summary>
    public sealed record Opened(ConnectionSlot Slot) : ILocalMessage;

    /// <summary>So long nothing durable is taken of a connection that was over its rate; it is told to wait so long.</summary>
    private const long OverRateMs = 1_000;

    private sealed record Overdue : ILocalMessage
    {
        public static readonly Overdue Instance = new();
    }

    private readonly ConnectionServices _services;
    private ConnectionSlot _slot = null!;
    private List<ConversationId>? _rooms;
    private CommandFlow? _flow;
    private ICancelable? _overdue;
    private Queue<ConnectionInput>? _waiting;   // behind the flow; bounded by the connection's credit
    private Dictionary<long, ConnectionInput.Command>? _pipelined;
    private long _overRateUntilMs;              // until then no durable command is taken: it would overtake the one that was refused
    private SendLedger? _sends;                 // durable commands under way
    private List<ConversationId>? _groups;      // whose relays know this connection
    private Dictionary<string, string>? _epochs;   // told ones that are not the store's generation
    private AwaitedAcks? _awaitedAcks;
    private long _tag;
    private long _overdueTag;   // commands up to this one were under way when the overdue timer was set
    private long _pipelinedTag; // likewise, at the last slow tick
    private int _ticks;
    private bool _draining;
    private bool _closing;      // we ended it: what still comes in is not carried out

    public ConnectionActor(ConnectionServices services) => _services = services;

    public ConnectionSlot Slot => _slot;

    public ConnectionServices Services => _services;

    IActorRef IConnection.Self => Self;

    public WatchList? Watches { get; set; }

    public IReadOnlyList<ConversationId> Rooms => _rooms ?? (IReadOnlyList<ConversationId>)[];

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ConnectionInput input: OnInput(input); break;
            case ConnectionCommands.Deliver deliver: OnDeliver(deliver); break;
            case ConversationEvents.Posted posted: OnPosted(posted); break;
            case ConversationEvents.PostRefused refused: OnPostRefused(refused); break;
            case RelayEvents.Followed followed: OnFollowed(followed); break;
            case RelayEvents.Unfollowed unfollowed: _groups?.Remove(unfollowed.Conversation.Conversation); break;
            case SessionEvents.AttachAgain: OnAttachAgain(); break;
            case SessionEvents.AttachRefused refused when _slot.Attachment is not null: OnOusted(refused); break;
            case ConnectionCommands.SyncRequired sync: OnSyncRequired(sync); break;
            case ConnectionCommands.TokenExpiring expiring: OnTokenExpiring(expiring); break;
            case ConnectionCommands.Close close: OnClose(close); break;
            case ConnectionCommands.GoAway away: OnGoAway(away); break;
            case ConnectionCommands.Drain: OnDrain(); break;
            case ConnectionCommands.Repeat: OnRepeat(); break;
            case Overdue: OnOverdue(); break;
            case Opened opened: _slot = opened.Slot; break;
            default: if (_flow?.OnMessage(this, message) != true && Watches?.OnMessage(this, message) != true) Unhandled(message); break;
        }
    }

    public bool Follows(ConversationId group) => _groups?.Contains(group) == true;

    public void AddRoom(ConversationId room) => (_rooms ??= new List<ConversationId>(1)).Add(room);

    public void RemoveRoom(ConversationId room) => _rooms?.Remove(room);

    public void Suspend(CommandFlow flow)
    {
        _flow = flow;
        WatchTime();
    }

    public void Resume()
    {
        _flow = null;
        while (_flow is null && _waiting?.TryDequeue(out var input) == true) Handle(input);
        if (_waiting is { Count: 0 }) _waiting = null;
        CloseWhenDrained();
    }

    public long NextTag() => ++_tag;

    public long Pipeline(ConnectionInput.Command command)
    {
        (_pipelined ??= [])[++_tag] = command;
        WatchTime();
        return _tag;
    }

    public ConnectionInput.Command? TakePipelined(long tag)
    {
        if (_pipelined is null || !_pipelined.Remove(tag, out var command)) return null;
        if (_pipelined.Count == 0) _pipelined = null;
        return command;
    }

    public void Send(ConnectionInput.Command command, ConversationId conversation, string? cid, Func<long, SendPlace, object> make)
    {
        _sends ??= new SendLedger(_slot.ConnectionId);
        if (_services.NowMs < _overRateUntilMs)
        {
            this.Fail(command, ReplyCode.RateLimited, retryAfterMs: OverRateMs);
            return;
        }

        if (_sends.Refusal(conversation.Value, cid, _services.NowMs) is { } code)
        {
            this.Fail(command, code, retryAfterMs: 500);
            return;
        }

        var tag = ++_tag;
        WatchTime();
        _services.Conversations.Tell(_sends.Add(conversation.Value, tag, command, cid, make), Self);
    }

    public string Epoch(string conversation) => _epochs?.GetValueOrDefault(conversation) ?? _services.Store.Generation;

    public void TellEpoch(string conversation, string epoch)
    {
        if (epoch != _services.Store.Generation) (_epochs ??= new Dictionary<string, string>(StringComparer.Ordinal))[conversation] = epoch;
        else _epochs?.Remove(conversation);
    }

    public void Acked(string conversation, long mseq, bool skipped) => _awaitedAcks?.Acked(conversation, mseq, skipped);

    public void Push(Frame frame) => _slot.Offer(frame);

    public void Close(CloseCode code, string reason)
    {
        _closing = true;
        _slot.Close(code, reason);
    }

    private void OnInput(ConnectionInput input)
    {
        if (input is ConnectionInput.SocketClosed) Context.Stop(Self);
        else if (_flow is not null) (_waiting ??= new Queue<ConnectionInput>()).Enqueue(input);
        else Handle(input);
    }

    private void Handle(ConnectionInput input)
    {
        switch (input)
        {
            case ConnectionInput.Command { IsBinary: true } or ConnectionInput.Illegal { IsBinary: true } when _slot.Level == ProtocolLevel.Two:
                _slot.Credit(input.Bytes);
                Close(CloseCode.Protocol, "binary frames are not part of level 2");
                break;
            case ConnectionInput.Command command when command.Seq.Length > 64 && _slot.Level == ProtocolLevel.Two:
                this.Fail(command with { Seq = command.Seq[..64] }, ReplyCode.BadParameter, "seq");
                break;
            case ConnectionInput.Command { IsAmbiguous: true } command when _slot.Level == ProtocolLevel.Two:
                this.Fail(command, ReplyCode.BadParameter);
                break;
            case ConnectionInput.Command when _draining || _closing:
                _slot.Credit(input.Bytes);
                break;
            case ConnectionInput.Command command:
                _services.Router.Route(this, command);
                break;
            case ConnectionInput.OverRate over:
                _overRateUntilMs = _services.NowMs + OverRateMs;
                this.Fail(new ConnectionInput.Command(over.Bytes, over.Seq, over.Name, default, false), ReplyCode.RateLimited, retryAfterMs: OverRateMs);
                break;
            case ConnectionInput.Illegal illegal:
                OnIllegal(illegal);
                break;
            case ConnectionInput.Poison poison:
                _slot.Credit(input.Bytes);
                Close(poison.Code, "message cannot be handled");
                break;
        }
    }

    /// <summary>Level 0 gets the seed's text, level 2 a reply that names nothing.</summary>
    private void OnIllegal(ConnectionInput.Illegal illegal)
    {
        Push(new Frame(_slot.Level == ProtocolLevel.Two ? ReplyWriter.Error("", "", ReplyCode.BadParameter) : ReplyWriter.IllegalData, FrameKind.Reply));
        ImMetrics.Command(null, ReplyCode.BadParameter);
        _slot.Credit(illegal.Bytes);
    }

    private void OnDeliver(ConnectionCommands.Deliver deliver)
    {
        var ticket = new PushTicket(deliver, _slot.ConnectionId);
        var frame = deliver.Frames.For(_slot.Level);
        var result = frame is null ? OfferResult.Closed : _slot.Offer(frame, ticket);
        if (deliver.Record is { } record) OnRecordDelivered(deliver, record);
        if (result == OfferResult.Accepted) return;
        if (result == OfferResult.Full) _slot.Overflowed(frame!);
        ticket.Complete(result == OfferResult.Full ? WriteOutcome.Dropped : WriteOutcome.Closed);
    }

    /// <summary>A slot that is full has noted the conversation: that counts as given, the client syncs.</summary>
    private void OnRecordDelivered(ConnectionCommands.Deliver deliver, RecordPlace record)
    {
        _services.Direct.Note(_slot.Number, record.Conversation, record.Mseq);
        _services.Heads.Note(new ConversationKey(_slot.Attachment!.User.App, record.Conversation), record.Epoch, record.Mseq);
        if (!deliver.ReplyTo.IsNobody() && _slot.Level == ProtocolLevel.Two) (_awaitedAcks ??= new AwaitedAcks(_slot.ConnectionId)).Add(deliver);
    }

    private void OnAttachAgain()
    {
        if (!_slot.IsClosing && HeldConnections.Of(_slot) is { } attach) _services.Sessions.Tell(attach, Self);
    }

    /// <summary>The session's new owner gave the place to another connection meanwhile.</summary>
    private void OnOusted(SessionEvents.AttachRefused refused) =>
        OnClose(new ConnectionCommands.Close(refused.ByPolicy ? CloseCode.TooManySessions : CloseCode.ReplacedByLogin, "another login has its place", TellKicked: !refused.ByPolicy));

    /// <summary>An answer to the login's own question, or the user was added to a group.</summary>
    private void OnFollowed(RelayEvents.Followed followed)
    {
        _groups ??= [];
        if (!_groups.Contains(followed.Conversation.Conversation)) _groups.Add(followed.Conversation.Conversation);
        _flow?.OnMessage(this, followed);
    }

    private void OnPosted(ConversationEvents.Posted posted)
    {
        if (_sends?.Take(posted.Tag) is { } send)
        {
            var conversation = new ConversationId(send.Window.Conversation);
            TellEpoch(conversation.Value, posted.Epoch);
            _services.Direct.Note(_slot.Number, conversation, posted.Mseq);
            this.Reply(send.Command, MessageHandler.Reply(conversation.Value, posted, isStored: true));
            CloseWhenDrained();
            return;
        }

        if (TakePipelined(posted.Tag) is not { } command) return;
        this.Reply(command, MessageHandler.Reply(MessageHandler.ConversationOf(command), posted, isStored: false));
        CloseWhenDrained();
    }

    private void OnPostRefused(ConversationEvents.PostRefused refused)
    {
        if (_flow?.OnRefused(this, refused) == true) return;
        if (_sends is not null && refused.Code.IsTemporary())
        {
            foreach (var behind in _sends.Break(refused.Tag, refused.Code, _services.NowMs)) this.Fail(behind.Command, refused.Code, retryAfterMs: 500);
        }
        else if (_sends?.Take(refused.Tag) is { } send)
        {
            this.Fail(send.Command, refused);
        }

        if (TakePipelined(refused.Tag) is { } command) this.Fail(command, refused);
        CloseWhenDrained();
    }

    private void OnSyncRequired(ConnectionCommands.SyncRequired sync)
    {
        if (_slot.Level == ProtocolLevel.Two) Push(new Frame(PushWriter.SyncRequired(_services.NewMessageId(), sync.Conversations), FrameKind.Reply));
    }

    private void OnTokenExpiring(ConnectionCommands.TokenExpiring expiring)
    {
        if (_slot.Level == ProtocolLevel.Two) Push(new Frame(PresenceWriter.TokenExpiring(_services.NewMessageId(), expiring.EndsAtMs), FrameKind.Reply));
    }

    private void OnClose(ConnectionCommands.Close close)
    {
        if (close.TellKicked && _slot.Level == ProtocolLevel.Two)
        {
            var (platform, device) = close.Code == CloseCode.ReplacedByLogin ? (close.Platform, close.Device) : (_slot.Attachment!.Platform, _slot.Attachment.Device);
            Push(new Frame(PushWriter.Kicked(_services.NewMessageId(), close.Reason, platform, device), FrameKind.Reply));
        }

        Close(close.Code, close.Reason);
    }

    private void OnGoAway(ConnectionCommands.GoAway away)
    {
        if (_slot.Level == ProtocolLevel.Two && !_draining) Push(new Frame(PushWriter.GoAway(_services.NewMessageId(), "drain", away.AfterMs), FrameKind.Reply));
    }

    /// <summary>What comes from now on is not taken; what is in flight is answered, then the socket closes.</summary>
    private void OnDrain()
    {
        _draining = true;
        CloseWhenDrained();
    }

    private void CloseWhenDrained()
    {
        if (!_draining || _flow is not null || _pipelined is not null || _sends is { IsEmpty: false }) return;
        Close(_slot.Level == ProtocolLevel.Two ? CloseCode.Drain : CloseCode.GoingAway, "the node is going away");
    }

    /// <summary>The owners have moved.</summary>
    private void OnRepeat()
    {
        _flow?.Repeat(this);
        if (_sends is not { IsEmpty: false }) return;
        foreach (var message in _sends.Repeat()) _services.Conversations.Tell(message, Self);
    }

    private void OnOverdue()
    {
        _overdue = null;
        TickSends();
        if (++_ticks % SlowTicks == 0) OnSlowTick();
        if (_flow is not null || _pipelined is not null || _sends is { IsEmpty: false }) WatchTime();
        CloseWhenDrained();
    }

    /// <summary>A flow asks again; an ephemeral is never repeated, its outcome is unknown.</summary>
    private void OnSlowTick()
    {
        _flow?.Overdue(this);
        foreach (var tag in _pipelined?.Keys.Where(tag => tag <= _pipelinedTag).ToArray() ?? [])
        {
            if (TakePipelined(tag) is { } command) this.Fail(command, ReplyCode.OutcomeUnknown);
        }

        _pipelinedTag = _tag;
    }

    /// <summary>A hand-off may have lost them: they go again, in order, until answered.</summary>
    private void TickSends()
    {
        if (_sends is not { IsEmpty: false }) return;
        var messages = _sends.Tick(_overdueTag, out var expired);
        foreach (var message in messages) _services.Conversations.Tell(message, Self);
        foreach (var tag in expired)
        {
            foreach (var behind in _sends.Break(tag, ReplyCode.OutcomeUnknown, _services.NowMs)) this.Fail(behind.Command, ReplyCode.OutcomeUnknown, retryAfterMs: 500);
        }
    }

    /// <summary>One timer for all that is under way; it is left to run out, which spares a busy client a timer per command.</summary>
    private void WatchTime()
    {
        if (_overdue is not null) return;
        _overdueTag = _tag;
        _overdue = Context.System.Scheduler.ScheduleTellOnceCancelable(SendLedger.TickInterval, Self, Overdue.Instance, Self);
    }

    protected override void PostStop()
    {
        _overdue?.Cancel();
        if (_slot is null) return;

        // Not the socket's end but the actor's: whatever stopped it, the client is told.
        if (_slot.ClosedWith == 0) _slot.Close(CloseCode.InternalError, "internal error");
        _flow?.Abandon(this);
        Watches?.End(this);
        if (_slot.Attachment is { } attachment) Departure.Tell(_services, _slot, attachment, Rooms, _groups ?? []);
        else _services.Identity.Gate.Known(_slot.Transport.RemoteEndPoint.Address);
        ImMetrics.Closed(_slot.ClosedWith == 0 ? (int)CloseCode.InternalError : _slot.ClosedWith);
        _services.Table.Remove(_slot);
    }
}
