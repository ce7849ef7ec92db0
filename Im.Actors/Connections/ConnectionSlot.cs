using Akka.Actor;
using Im.Actors.Connections.Streams;
using Im.Actors.Sessions.Tokens;
using Im.Actors.Telemetry;
using Im.Protocol;

namespace Im.Actors.Connections;

/// <summary>Which protocol a connection speaks (protocol.md).</summary>
public enum ProtocolLevel : byte
{
    /// <summary>The seed's; also every connection that has not logged in yet.</summary>
    Zero = 0,
    Two = 2,
}

/// <summary>
/// One connection as its node knows it: the socket below, the ingress lane and the ConnectionActor above, the
/// outbound slot, credit and deadlines. Thread-safe; not an actor; what the node-local tables point at.
/// </summary>
public sealed class ConnectionSlot : OutboundSlot, ISocketSink
{
    private readonly IngressLane _ingress;
    private long _lastActivityMs;
    private long _rateTokensMilli;
    private long _rateSeenMs;
    private int _unansweredCount;
    private int _unansweredBytes;
    private int _paused;
    private int _closedPosted;
    private int _overflowed;
    private volatile bool _isAdmitted;
    private IActorRef? _actor;
    private List<object>? _early;   // what came in before the actor had been started

    internal ConnectionSlot(long number, ISocketTransport transport, EgressLane egress, IngressLane ingress, ConnectionLimits limits)
        : base(transport, egress, limits)
    {
        Number = number;
        _ingress = ingress;
        OpenedAtMs = _lastActivityMs = _rateSeenMs = egress.Wheel.NowMs;
        _rateTokensMilli = limits.CommandsBurstCount * 1000L;
    }

    /// <summary>Unique for the life of the node.</summary>
    public long Number { get; }

    public long OpenedAtMs { get; }

    /// <summary>The code with which the connection ended; valid once the actor is told.</summary>
    public int ClosedWith { get; private set; }

    /// <summary>The ConnectionActor; Nobody until it has been started.</summary>
    public IActorRef Actor => _actor ?? ActorRefs.Nobody;

    /// <summary>Set once by the ConnectionActor at login, null before.</summary>
    public Attachment? Attachment { get; private set; }

    public string ConnectionId => Attachment?.ConnectionId ?? "";

    /// <summary>A copy of the attachment's: a fan-out reads it for every member.</summary>
    public ProtocolLevel Level { get; private set; }

    /// <summary>
    /// A whole message came in. Copies it to the ingress lane. Called by the transport's reader, one call at a time.
    /// </summary>
    /// <returns>False: read no more until <see cref="ISocketTransport.ResumeReading"/>, the message itself was taken.</returns>
    public bool Receive(ReadOnlySpan<byte> payload, bool binary)
    {
        Touch();
        var count = Interlocked.Increment(ref _unansweredCount);
        var bytes = Interlocked.Add(ref _unansweredBytes, payload.Length);
        var room = _ingress.Post(this, payload, binary);
        if (room && count < Limits.UnansweredMaxCount && bytes < Limits.UnansweredMaxBytes) return true;
        return !Pause(laneIsFull: !room);
    }

    /// <summary>Any frame counts as a sign of life, control frames too. Called by the transport's reader.</summary>
    public void Touch() => Volatile.Write(ref _lastActivityMs, Lane.Wheel.NowMs);

    /// <summary>
    /// The socket is gone, or both close frames were seen. Called by the transport once, after the last
    /// <see cref="Receive"/>; what came in before is handled first.
    /// </summary>
    /// <param name="code">The peer's close code; 1005 for a close frame without one, 1006 for none.</param>
    public void SocketClosed(int code)
    {
        if (Interlocked.Exchange(ref _closedPosted, 1) == 1) return;
        ClosedWith = CloseCodeSent != 0 ? CloseCodeSent : code;
        Detach();
        _ingress.PostClosed(this);
    }

    /// <summary>Hands a message to the ConnectionActor, in order also while it is being started. Called by the ingress lane.</summary>
    internal void Deliver(object message)
    {
        if (_actor is { } actor)
        {
            actor.Tell(message, ActorRefs.NoSender);
            return;
        }

        lock (Gate)
        {
            if (_actor is null) (_early ??= []).Add(message);
            else _actor.Tell(message, ActorRefs.NoSender);
        }
    }

    /// <summary>Its login has passed all checks and waits for others only: the login time-out, which tells a client to stop, is not for that.</summary>
    internal void Admit() => _isAdmitted = true;

    /// <summary>The node drains: from now on the client has so long to leave by itself.</summary>
    internal void GoWithin(TimeSpan time) => Deliver(new ConnectionCommands.GoAway((long)time.TotalMilliseconds));

    /// <summary>The node drains: the client is told and closed.</summary>
    internal void GoNow()
    {
        GoWithin(TimeSpan.Zero);
        EndNow();
    }

    /// <summary>The node drains, and the client's time is over.</summary>
    internal void EndNow() => Deliver(ConnectionCommands.Drain.Instance);

    /// <summary>The ConnectionActor is there; called once by its parent.</summary>
    internal void Bind(IActorRef actor)
    {
        lock (Gate)
        {
            foreach (var message in _early ?? []) actor.Tell(message, ActorRefs.NoSender);
            _early = null;
            Volatile.Write(ref _actor, actor);
        }
    }

    /// <summary>The login succeeded: who it is, which level, and from now on that level's deadlines.</summary>
    internal void Attach(Attachment attachment)
    {
        Attachment = attachment;
        Level = attachment.Level;
        Arm();
    }

    /// <summary>A newer token: from now on its deadlines.</summary>
    internal void Renew(TokenGrant token)
    {
        Attachment!.Token = token;
        Arm();
    }

    /// <summary>A command of so many bytes has been answered: gives credit back and reads on when there is room.</summary>
    internal void Credit(int bytes)
    {
        Interlocked.Decrement(ref _unansweredCount);
        Interlocked.Add(ref _unansweredBytes, -bytes);
        if (Volatile.Read(ref _paused) == 0 || !HasCredit) return;

        // The lane may be full of others' messages just now; nobody else would wake this socket later.
        if (_ingress.IsFull) _ingress.WaitForRoom(this);
        if (!_ingress.IsFull) Resume();
    }

    /// <summary>The lane has room again.</summary>
    internal void LaneHasRoom()
    {
        if (HasCredit) Resume();
    }

    /// <summary>Takes a token of the connection's rate; false when it is over. Called by the ingress lane alone.</summary>
    internal bool TakeRateToken()
    {
        var now = Lane.Wheel.NowMs;
        _rateTokensMilli = Math.Min(Limits.CommandsBurstCount * 1000L, _rateTokensMilli + (now - _rateSeenMs) * Limits.CommandsPerSecond);
        _rateSeenMs = now;
        if (_rateTokensMilli < 1000) return false;
        _rateTokensMilli -= 1000;
        return true;
    }

    /// <summary>A delivery did not fit. A level 0 client cannot sync and is closed; a level 2 client is told once drained.</summary>
    internal void Overflowed(Frame frame)
    {
        if (frame.Kind == FrameKind.Reply) return;
        if (Level == ProtocolLevel.Zero)
        {
            ImMetrics.SlowReader(closed: true);
            Close(CloseCode.SlowReader, "slow reader");
            return;
        }

        ImMetrics.SlowReader(closed: false);
        if (frame.Kind == FrameKind.Record && frame.Key is not null) Attachment?.MovedOn(frame.Key);
        Volatile.Write(ref _overflowed, 1);

        // It may have drained between the refusal and the mark; nobody else would tell the client then.
        if (PendingBytes == 0) OnDrained();
    }

    protected override void OnDrained()
    {
        if (Volatile.Read(ref _overflowed) == 0 || Interlocked.Exchange(ref _overflowed, 0) == 0) return;
        var moved = Attachment?.TakeMovedOn();
        if (moved is { Count: > 0 }) Actor.Tell(new ConnectionCommands.SyncRequired(moved));
    }

    protected override long EarliestDeadline()
    {
        var stall = StallDeadlineMs;
        var idle = Math.Min(IdleDeadlineMs, Attachment?.Token?.DeadlineMs ?? long.MaxValue);
        return stall == 0 ? idle : Math.Min(stall, idle);
    }

    protected override long NextDeadline(long nowMs)
    {
        var stall = StallDeadlineMs;
        if (stall != 0 && nowMs >= stall)
        {
            OnStalled();
            return 0;
        }

        if (Attachment?.Token is { } token && nowMs >= token.DeadlineMs && EndsWith(token, nowMs)) return 0;
        if (nowMs < IdleDeadlineMs) return EarliestDeadline();
        if (IsLoginOverdue(nowMs)) Close(CloseCode.LoginTimeout, "login timeout");
        else if (Level == ProtocolLevel.Two) Close(CloseCode.HeartbeatTimeout, "heartbeat timeout");
        else Close(CloseCode.Normal, "silent too long");
        return 0;
    }

    /// <summary>Puts the slot's first deadline on the wheel; called once when the connection opens, and again at login and with a newer token.</summary>
    internal void Arm() => ScheduleNext();

    /// <summary>The token's notice or its end has come.</summary>
    /// <returns>True when the connection closes.</returns>
    private bool EndsWith(TokenGrant token, long nowMs)
    {
        if (token.HasEnded(nowMs))
        {
            Close(CloseCode.TokenExpired, "the token has expired");
            return true;
        }

        token.Announced();
        Actor.Tell(new ConnectionCommands.TokenExpiring(token.EndsAtMs), ActorRefs.NoSender);
        return false;
    }

    private long IdleDeadlineMs
    {
        get
        {
            var timeout = Level == ProtocolLevel.Two ? Limits.HeartbeatTimeoutMs : Limits.SilenceTimeoutMs;
            var silent = Volatile.Read(ref _lastActivityMs) + timeout;
            return AwaitsLogin ? Math.Min(silent, OpenedAtMs + Limits.LoginTimeoutMs) : silent;
        }
    }

    private bool HasCredit =>
        Volatile.Read(ref _unansweredCount) < Limits.UnansweredMaxCount && Volatile.Read(ref _unansweredBytes) < Limits.UnansweredMaxBytes;

    private bool AwaitsLogin => Attachment is null && !_isAdmitted && Limits.LoginTimeoutMs > 0;

    private bool IsLoginOverdue(long nowMs) => AwaitsLogin && nowMs >= OpenedAtMs + Limits.LoginTimeoutMs;

    /// <summary>Marks the pause, then looks again: credit that came back in between must not leave the socket unread for ever.</summary>
    private bool Pause(bool laneIsFull)
    {
        Volatile.Write(ref _paused, 1);
        if (laneIsFull) _ingress.WaitForRoom(this);
        Interlocked.MemoryBarrier();
        if (!HasCredit || _ingress.IsFull) return true;
        return Interlocked.Exchange(ref _paused, 0) == 0;
    }

    private void Resume()
    {
        if (Interlocked.Exchange(ref _paused, 0) == 1) Transport.ResumeReading();
    }
}
