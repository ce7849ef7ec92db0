using System.Net;
using Im.Actors.Connections;
using Im.Protocol;
using Im.Protocol.WebSockets;

namespace Im.Node.Sockets;

/// <summary>
/// One upgraded socket: reads and parses what the client sends, hands messages to the slot above, writes what the slot's
/// lane gives, and carries out the close handshake (RFC 6455 §7). All reading and the end happen in turns, see <see cref="SocketReader"/>;
/// the members of <see cref="ISocketTransport"/> only write, or leave a mark and ask for a turn.
/// </summary>
internal sealed class WebSocketConnection(SocketReader reader, WebSocketListener listener, IPEndPoint remote) : ISocketTransport, ISocketOwner
{
    /// <summary>A client that sends without a break gets so many scratch buffers read before others have their turn.</summary>
    private const int ReadsPerTurn = 8;

    private OutboundSlot? _slot;
    private ISocketSink? _sink;
    private FrameParser? _parser;       // only in the middle of a message
    private HeldInput _held;
    private int _pauses;                // 1: paused; -1: the resume overtook its pause
    private int _peerCode;              // 0: no close frame from the peer yet
    private bool _gone;
    private bool _ended;
    private volatile bool _failed;      // the input broke a rule: what follows is thrown away
    private volatile bool _broken;      // a write failed
    private volatile bool _closeSent;
    private volatile bool _lingered;
    private volatile bool _aborted;

    public IPEndPoint RemoteEndPoint { get; } = remote;

    /// <summary>True in the middle of a message and while paused with unparsed input; an idle connection holds no buffer.</summary>
    internal bool HoldsInput => _parser is not null || !_held.IsEmpty;

    private bool IsPaused => Volatile.Read(ref _pauses) > 0 && !_slot!.IsClosing;

    private bool MustEnd => _aborted || _gone || (_closeSent && (_peerCode != 0 || _lingered));

    /// <summary>Connects the slot above; called inside the turn that ends the handshake.</summary>
    /// <param name="early">What the client sent behind its request.</param>
    public void Attach<TSlot>(TSlot slot, ReadOnlySpan<byte> early)
        where TSlot : OutboundSlot, ISocketSink
    {
        _slot = slot;
        _sink = slot;
        _held.Hold(early);
    }

    public int TryWrite(ReadOnlySpan<byte> bytes)
    {
        var taken = reader.Send(bytes);
        if (taken < 0) Broken();
        return taken;
    }

    public void Write(ReadOnlyMemory<byte> chunk) => BlockedWrite.Begin(reader.Socket, chunk, this, _slot!);

    /// <summary>A resume may overtake the pause that it belongs to, since the slot asks for both on different threads.</summary>
    public void ResumeReading()
    {
        int seen;
        do
        {
            seen = Volatile.Read(ref _pauses);
            if (seen < 0) return;
        }
        while (Interlocked.CompareExchange(ref _pauses, seen - 1, seen) != seen);

        if (seen == 1) reader.Signal();
    }

    public void CloseSent()
    {
        _closeSent = true;
        if (_failed) Linger();
        reader.Signal();
    }

    /// <summary>A peer that was sent a close frame and did not answer sees an orderly end, so that the frame is not lost; all others a reset.</summary>
    public void Abort()
    {
        var reset = !_closeSent || _slot?.CloseCodeSent == (int)CloseCode.SlowReader;
        _aborted = true;
        reader.Close(reset);
        reader.Signal();
    }

    public bool Turn()
    {
        if (_ended) return false;
        var more = !MustEnd && TakeInput();
        if (!MustEnd) return more;
        End();
        return false;
    }

    public void Fail(Exception error)
    {
        listener.ReportFailure(RemoteEndPoint, error);
        if (_ended) return;
        _aborted = true;
        reader.Close(reset: true);
        End();
    }

    /// <summary>The linger is over.</summary>
    internal void Lingered()
    {
        _lingered = true;
        reader.Signal();
    }

    /// <summary>A write failed; what the peer sent before is still read.</summary>
    internal void Broken()
    {
        _broken = true;
        reader.Signal();
    }

    private bool TakeInput()
    {
        if (_peerCode != 0 || reader.IsArmed || IsPaused)
        {
            _gone = _broken;
            return false;
        }

        return ConsumeHeld() && ReadOn();
    }

    private bool ReadOn()
    {
        var scratch = ParserPool.Scratch;
        for (var reads = 0; reads < ReadsPerTurn; reads++)
        {
            var length = reader.Receive(scratch);
            if (length > 0)
            {
                var input = scratch.AsSpan(0, length);
                if (!Consume(ref input))
                {
                    _held.Hold(input);
                    return false;
                }

                if (length == scratch.Length) continue;
            }

            _gone = length is 0 or -2 || _broken;
            if (_gone || !IsReadyAgain()) return false;
        }

        return true;
    }

    private bool IsReadyAgain()
    {
        var armed = reader.Arm();
        _gone = armed == SocketReader.ArmResult.Broken;
        return armed == SocketReader.ArmResult.Ready;
    }

    private bool ConsumeHeld()
    {
        if (_held.IsEmpty) return true;
        var input = _held.Left;
        var goesOn = Consume(ref input);
        _held.Keep(input.Length);
        return goesOn;
    }

    /// <summary>Parses until the input is used up; false when reading has to stop, with the rest left in the input.</summary>
    private bool Consume(ref Span<byte> input)
    {
        var parser = _parser;
        var goesOn = true;
        if (!_failed) parser ??= ParserPool.Rent(_slot!.Limits.MessageMaxBytes);
        while (goesOn && !_failed)
        {
            var read = parser!.Read(ref input);
            if (read.Kind == ClientInputKind.NeedMore) break;
            goesOn = Handle(read);
        }

        if (_failed) input = default;
        Keep(parser);
        return goesOn;
    }

    private void Keep(FrameParser? parser)
    {
        _parser = null;
        if (parser is null) return;
        if (_failed || _peerCode != 0) parser.Release(all: true);
        else if (parser.IsIdle) ParserPool.Return(parser);
        else _parser = parser;
    }

    private bool Handle(in ClientInput read)
    {
        switch (read.Kind)
        {
            case ClientInputKind.Text or ClientInputKind.Binary:
                if (_slot!.IsClosing || _sink!.Receive(read.Payload, read.Kind == ClientInputKind.Binary)) return true;
                return Interlocked.Increment(ref _pauses) <= 0;
            case ClientInputKind.Ping:
                _sink!.Touch();
                _slot!.Offer(Pong.Of(read.Payload));
                return true;
            case ClientInputKind.Pong:
                _sink!.Touch();
                return true;
            case ClientInputKind.Close:
                // §5.5.1: the same code goes back, an empty body for an empty one.
                _peerCode = read.CloseCode;
                _slot!.Close((CloseCode)read.CloseCode);
                return false;
            default:
                Refuse(read.Violation!);
                return true;
        }
    }

    /// <summary>
    /// §7.1.7: the close frame says why. Input is read and thrown away meanwhile, since unread bytes would turn the end into
    /// a reset that eats it.
    /// </summary>
    private void Refuse(Violation violation)
    {
        _failed = true;
        if (!_slot!.Close(violation.Code, violation.Reason) && _closeSent) Linger();
    }

    private void Linger() => LingerDeadline.Start(this, _slot!.Lane.Wheel, _slot.Limits.LingerMs);

    private void End()
    {
        _ended = true;
        if (!_aborted)
        {
            DrainInput();
            reader.Close(reset: false);
        }

        reader.Dispose();
        _held.Release();
        _parser?.Release(all: true);
        _parser = null;
        try
        {
            _sink!.SocketClosed(_peerCode != 0 ? _peerCode : (int)CloseCode.Abnormal);
        }
        finally
        {
            listener.ConnectionEnded();
        }
    }

    private void DrainInput()
    {
        for (var reads = 0; reads < ReadsPerTurn && reader.Receive(ParserPool.Scratch) > 0; reads++)
        {
        }
    }
}
