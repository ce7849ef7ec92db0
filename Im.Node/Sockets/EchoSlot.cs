using Im.Actors.Connections;
using Im.Protocol;
using Im.Protocol.WebSockets;

namespace Im.Node.Sockets;

/// <summary>
/// The slot of a conformance echo: sends every message back and never drops one. When its reader is behind by half of the
/// outbound bounds, its socket is not read until all echoes have left.
/// </summary>
internal sealed class EchoSlot(ISocketTransport transport, EgressLane lane, ConnectionLimits limits, IConnectionHub hub)
    : OutboundSlot(transport, lane, limits), ISocketSink
{
    private long _lastActivityMs = lane.Wheel.NowMs;
    private int _waitingCount;
    private int _paused;

    /// <summary>The code with which the connection ended, or 0.</summary>
    public int ClosedWith { get; private set; }

    private long IdleDeadlineMs => Volatile.Read(ref _lastActivityMs) + Limits.SilenceTimeoutMs;

    /// <summary>Puts the first deadline on the wheel.</summary>
    public void Arm() => Lane.Wheel.Schedule(this, IdleDeadlineMs);

    public bool Receive(ReadOnlySpan<byte> payload, bool binary)
    {
        Touch();
        Interlocked.Increment(ref _waitingCount);
        Offer(new Frame(FrameWriter.Encode(binary ? Opcode.Binary : Opcode.Text, payload), FrameKind.Reply));
        return !IsBehind || !Pause();
    }

    public void Touch() => Volatile.Write(ref _lastActivityMs, Lane.Wheel.NowMs);

    public void SocketClosed(int code)
    {
        ClosedWith = CloseCodeSent != 0 ? CloseCodeSent : code;
        Detach();
        hub.Release();
    }

    protected override void OnDrained()
    {
        Volatile.Write(ref _waitingCount, 0);
        if (Interlocked.Exchange(ref _paused, 0) == 1) Transport.ResumeReading();
    }

    protected override long EarliestDeadline() => StallDeadlineMs == 0 ? IdleDeadlineMs : Math.Min(StallDeadlineMs, IdleDeadlineMs);

    protected override long NextDeadline(long nowMs)
    {
        if (StallDeadlineMs != 0 && nowMs >= StallDeadlineMs) OnStalled();
        else if (nowMs >= IdleDeadlineMs) Close(CloseCode.Normal, "silent too long");
        else return EarliestDeadline();
        return 0;
    }

    private bool IsBehind => PendingBytes > Limits.OutboundMaxBytes / 2 || Volatile.Read(ref _waitingCount) > Limits.OutboundMaxFramesCount / 2;

    /// <summary>Marks the pause, then looks again: what drained in between would leave the socket unread for ever.</summary>
    private bool Pause()
    {
        Interlocked.Exchange(ref _paused, 1);
        return PendingBytes > 0 || Interlocked.Exchange(ref _paused, 0) == 0;
    }
}
