using Im.Actors.Telemetry;
using Im.Protocol;
using Im.Protocol.WebSockets;

namespace Im.Actors.Connections;

public enum OfferResult
{
    Accepted,

    /// <summary>The reader is slow: nothing was queued.</summary>
    Full,

    /// <summary>The connection is closing: nothing was queued.</summary>
    Closed,
}

/// <summary>
/// The way out of one connection: a bounded queue of finished frames that any thread may offer to and one egress lane
/// writes. What piled up while the kernel or the lane was busy leaves in one write. Idle, it holds no buffer.
/// </summary>
/// <remarks>
/// Bound: <see cref="ConnectionLimits.OutboundMaxBytes"/> and <see cref="ConnectionLimits.OutboundMaxFramesCount"/>; when full, records and
/// ephemerals are refused (<see cref="OfferResult.Full"/>) and the owner decides; replies and control frames pass, they are
/// bounded by the commands a client may have unanswered.
/// </remarks>
public class OutboundSlot : WheelEntry
{
    /// <summary>What a blocked socket is given at once: small, so that progress of a slow reader is seen.</summary>
    private const int BlockedChunkBytes = 4096;

    private readonly ISocketTransport _transport;
    private readonly EgressLane _lane;
    private readonly ConnectionLimits _limits;
    private readonly object _gate = new();

    private OutboundQueue _queue;   // a mutable struct: part of the slot, not an object of its own
    private long _stalledSinceMs;
    private long _closeDueMs;
    private State _state;
    private bool _held;         // frames wait for a reply that goes in front of them
    private ushort _heldBefore; // but behind so many that were queued when the hold began
    private bool _queued;       // in the lane's flush queue
    private bool _blocked;      // a transport write is under way: the kernel was full

    private enum State : byte
    {
        Open,
        Closing,    // the close frame is the last in the queue
        CloseSent,
        Dead,
    }

    public OutboundSlot(ISocketTransport transport, EgressLane lane, ConnectionLimits limits)
    {
        _transport = transport;
        _lane = lane;
        _limits = limits;
    }

    public ISocketTransport Transport => _transport;

    private protected object Gate => _gate;

    public EgressLane Lane => _lane;

    public ConnectionLimits Limits => _limits;

    /// <summary>The code that this side closed with, or 0.</summary>
    public int CloseCodeSent { get; private set; }

    public bool IsClosing => _state != State.Open;

    /// <summary>Bytes that wait for the socket.</summary>
    public int PendingBytes => _queue.Bytes;

    /// <summary>False whenever nothing waits: an idle connection costs no buffer.</summary>
    internal bool HoldsBuffer => _queue.HoldsBuffer;

    /// <summary>Offers a frame from any thread. A ticket is completed exactly once, unless the result is not Accepted.</summary>
    public OfferResult Offer(Frame frame, WriteTicket? ticket = null)
    {
        lock (_gate)
        {
            var result = Append(frame, ticket);
            if (result == OfferResult.Accepted) QueueFlush();
            return result;
        }
    }

    /// <summary>Offers from the connection's own lane, which flushes first when the slot is full but the kernel is not.</summary>
    /// <returns>True when the slot has to be put on the lane's flush list.</returns>
    internal bool OfferOnLane(Frame frame, WriteTicket? ticket, Span<byte> scratch, out OfferResult result)
    {
        lock (_gate)
        {
            result = Append(frame, ticket);
            if (result == OfferResult.Full && !_blocked)
            {
                FlushLocked(scratch);
                result = Append(frame, ticket);
            }

            if (result != OfferResult.Accepted || _queued || _blocked) return false;
            return _queued = true;
        }
    }

    /// <summary>Nothing leaves until <see cref="Release"/>: a login that enters rooms is answered before their frames.</summary>
    public void Hold()
    {
        lock (_gate)
        {
            if (_held) return;
            _held = true;
            _heldBefore = (ushort)Math.Min(_queue.Count, ushort.MaxValue);
        }
    }

    /// <summary>Puts the reply in front of what was held, behind what was queued before, and lets go.</summary>
    public void Release(Frame? first)
    {
        lock (_gate)
        {
            if (!_held) return;
            _held = false;
            if (_state != State.Open) return;
            if (first is not null) _queue.Insert(first, _heldBefore, _blocked);
            QueueFlush();
        }
    }

    /// <summary>
    /// Begins the close: what is queued leaves first, then the close frame, then nothing. A slow reader's queue is
    /// thrown away, since it would never see the close frame behind it.
    /// </summary>
    /// <returns>False when a close had begun before.</returns>
    public bool Close(CloseCode code, string reason = "")
    {
        lock (_gate)
        {
            if (_state != State.Open) return false;
            _closeDueMs = _lane.Wheel.NowMs + _limits.CloseTimeoutMs;
            _state = State.Closing;
            _held = false;
            CloseCodeSent = (int)code;
            if (code == CloseCode.SlowReader) _queue.Drop(_blocked);
            _queue.Push(new Frame(FrameWriter.Close((int)code, reason), FrameKind.Reply), null);
            QueueFlush();
            _lane.Wheel.Schedule(this, _closeDueMs);
        }

        return true;
    }

    /// <summary>The transport's answer to <see cref="ISocketTransport.Write"/>; -1 when the socket broke.</summary>
    public void WriteCompleted(int bytes)
    {
        lock (_gate)
        {
            _blocked = false;
            if (bytes < 0)
            {
                Die();
                return;
            }

            Consumed(bytes);
            if (!_queue.IsEmpty) QueueFlush();
            else Drained();
        }
    }

    /// <summary>The socket is gone: everything still queued is reported Closed. Called by the transport, once.</summary>
    public void Detach()
    {
        lock (_gate)
        {
            Die();
        }

        _lane.Wheel.Cancel(this);
    }

    /// <summary>Writes what is queued, as far as the kernel takes it. Called by the lane.</summary>
    internal void Flush(Span<byte> scratch)
    {
        lock (_gate)
        {
            _queued = false;
            FlushLocked(scratch);
        }
    }

    protected internal override long OnDue(long nowMs)
    {
        State state;
        lock (_gate)
        {
            // With the lock taken, a close frame that the peer can have seen counts as sent.
            state = _state;

            // An older deadline may have come due just when the close began; the close still has its time.
            if (state is State.Closing or State.CloseSent && nowMs < _closeDueMs) return _closeDueMs;
        }

        if (state == State.Dead) return 0;
        if (state == State.Open) return NextDeadline(nowMs);
        _transport.Abort();
        return 0;
    }

    /// <summary>When the slot stalled on the kernel, the time when patience ends; 0 otherwise.</summary>
    protected long StallDeadlineMs => _stalledSinceMs == 0 ? 0 : _stalledSinceMs + _limits.WriteTimeoutMs;

    /// <summary>The deadline check of an open connection. The base watches only the stalled write.</summary>
    protected virtual long NextDeadline(long nowMs)
    {
        var stall = StallDeadlineMs;
        if (stall == 0) return 0;
        if (nowMs < stall) return stall;
        OnStalled();
        return 0;
    }

    /// <summary>No byte was accepted for the write time-out.</summary>
    protected virtual void OnStalled() => Close(CloseCode.SlowReader);

    /// <summary>All that was queued has left; called with the slot locked, so offers from here are queued in order.</summary>
    protected virtual void OnDrained()
    {
    }

    private OfferResult Append(Frame frame, WriteTicket? ticket)
    {
        if (_state != State.Open) return OfferResult.Closed;
        if (frame.Kind == FrameKind.Ephemeral && frame.Key is not null && IsAboveHalf && _queue.Replace(frame, ticket)) return OfferResult.Accepted;
        if (frame.Kind != FrameKind.Reply && (_queue.Count >= _limits.OutboundMaxFramesCount || _queue.Bytes + frame.Length > _limits.OutboundMaxBytes)) return OfferResult.Full;
        _queue.Push(frame, ticket);
        return OfferResult.Accepted;
    }

    private bool IsAboveHalf => _queue.Count > _limits.OutboundMaxFramesCount / 2 || _queue.Bytes > _limits.OutboundMaxBytes / 2;

    private void QueueFlush()
    {
        if (_queued || _blocked) return;
        _queued = true;
        _lane.QueueFlush(this);
    }

    private void FlushLocked(Span<byte> scratch)
    {
        while (!_queue.IsEmpty && !_blocked && !_held && _state is not (State.CloseSent or State.Dead))
        {
            var bytes = _queue.Gather(scratch);
            var taken = _transport.TryWrite(bytes);
            if (taken < 0)
            {
                Die();
                return;
            }

            var full = taken < bytes.Length;
            Consumed(taken);
            if (!full) continue;
            if (_stalledSinceMs == 0 || taken > 0) Stalled();
            WriteBlocked();
            return;
        }

        if (_queue.IsEmpty) Drained();
    }

    private void WriteBlocked()
    {
        _blocked = true;
        _transport.Write(_queue.HeadRest(BlockedChunkBytes));
    }

    private void Consumed(int bytes)
    {
        if (bytes > 0) _stalledSinceMs = _blocked ? _lane.Wheel.NowMs : 0;
        var before = _queue.Count;
        ImMetrics.Sent(_queue.Consume(bytes), bytes);
        if (_held) _heldBefore = (ushort)Math.Max(0, _heldBefore - (before - _queue.Count));
    }

    private void Stalled()
    {
        _stalledSinceMs = _lane.Wheel.NowMs;
        ScheduleNext();
    }

    /// <summary>Puts the next deadline on the wheel, unless the socket is gone and would be kept there by it.</summary>
    protected void ScheduleNext()
    {
        lock (_gate)
        {
            if (_state == State.Open) _lane.Wheel.Schedule(this, EarliestDeadline());
        }
    }

    /// <summary>The base has no deadline but the stall; a connection has others that may come first.</summary>
    protected virtual long EarliestDeadline() => StallDeadlineMs;

    private void Drained()
    {
        _queue.Release();
        _stalledSinceMs = 0;
        if (_state == State.Closing)
        {
            _state = State.CloseSent;
            _transport.CloseSent();
            return;
        }

        if (_state == State.Open) OnDrained();
    }

    private void Die()
    {
        if (_state == State.Dead) return;
        _state = State.Dead;
        _queue.Clear();
    }
}
