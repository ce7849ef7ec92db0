using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Im.Actors.Connections;
using Im.Protocol.WebSockets;

namespace Im.Node.Sockets;

/// <summary>
/// One socket from its accept to its upgrade or refusal. Its deadline is this object on the wheel. Holds a rented buffer only while
/// a request is incomplete, never more than the head's bound; what lies behind the head stays with the kernel or goes on to the connection.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The reader is disposed at the end, or goes on to the connection.")]
internal sealed class Handshake : WheelEntry, ISocketOwner
{
    private const int ReadsPerTurn = 4;
    private const int SmallestBufferBytes = 1024;

    private readonly WebSocketListener _listener;
    private readonly SocketReader _reader;
    private readonly IPEndPoint _peer;
    private byte[]? _buffer;
    private int _length;
    private bool _refused;      // the answer has been sent: only the linger is left
    private bool _ended;
    private volatile bool _overdue;
    private volatile bool _stopped;

    public Handshake(WebSocketListener listener, Socket socket)
    {
        _listener = listener;
        _peer = (IPEndPoint)socket.RemoteEndPoint!;
        _reader = new SocketReader(socket) { Owner = this };
    }

    private int HeadMaxBytes => _listener.Options.HeadMaxBytes;

    public void Start()
    {
        Schedule((long)_listener.Options.HandshakeTimeout.TotalMilliseconds);
        _reader.Signal();
    }

    /// <summary>The node stops: the socket is dropped without an answer. Any thread.</summary>
    public void Stop()
    {
        _stopped = true;
        _reader.Signal();
    }

    public bool Turn()
    {
        if (_ended) return false;
        if (_stopped || (_overdue && _refused)) End(reset: false);
        else if (_overdue) Refuse(UpgradeRefusal.TooSlow);
        return !_ended && !_reader.IsArmed && ReadOn();
    }

    public void Fail(Exception error)
    {
        _listener.ReportFailure(_peer, error);
        if (!_ended) End(reset: true);
    }

    protected internal override long OnDue(long nowMs)
    {
        _overdue = true;
        _reader.Signal();
        return 0;
    }

    private bool ReadOn()
    {
        for (var reads = 0; reads < ReadsPerTurn; reads++)
        {
            var length = _reader.Receive(Room());
            if (length is 0 or -2)
            {
                End(reset: false);
                return false;
            }

            if (length > 0 && !_refused && Take(length) is { } connection) return connection.Turn();
            if (_ended) return false;
            switch (_reader.Arm())
            {
                case SocketReader.ArmResult.Armed:
                    return false;
                case SocketReader.ArmResult.Broken:
                    End(reset: false);
                    return false;
            }
        }

        return true;
    }

    /// <summary>Where the next bytes go: behind those that are kept, and never beyond the head's bound.</summary>
    private Span<byte> Room()
    {
        if (_refused) return ParserPool.Scratch;
        if (_length == 0) return ParserPool.Scratch.AsSpan(0, Math.Min(HeadMaxBytes, ParserPool.ScratchBytes));
        if (_length == _buffer!.Length) Grow();
        return _buffer.AsSpan(_length, Math.Min(_buffer.Length, HeadMaxBytes) - _length);
    }

    private WebSocketConnection? Take(int received)
    {
        var bytes = (_length == 0 ? ParserPool.Scratch : _buffer!).AsSpan(0, _length + received);
        var end = UpgradeParser.FindEnd(bytes, _length);
        if (end > 0) return Answer(bytes[..end], bytes[end..]);
        if (end < 0) Refuse(UpgradeRefusal.Malformed);
        else if (bytes.Length >= HeadMaxBytes) Refuse(UpgradeRefusal.HeadersTooLarge);
        else Keep(bytes);
        return null;
    }

    private WebSocketConnection? Answer(ReadOnlySpan<byte> head, ReadOnlySpan<byte> early)
    {
        var refusal = _listener.Judge(head, out var request);
        if (refusal is not null)
        {
            Refuse(refusal);
            return null;
        }

        return Upgrade(request!, early);
    }

    /// <summary>The reservation is spent here or given back; nothing of the slot's can leave before the 101.</summary>
    private WebSocketConnection? Upgrade(UpgradeRequest request, ReadOnlySpan<byte> early)
    {
        var response = UpgradeResponse.Encode(request.Key!, request.SelectProtocol(_listener.Options.SubProtocols));
        if (_reader.Send(response) != response.Length)
        {
            _listener.Hub.Release();
            End(reset: true);
            return null;
        }

        var remote = _listener.ClientAddress.Resolve(_peer, request.ForwardedFor);
        var connection = _listener.Open(request, _reader, remote, early);
        _reader.Owner = connection;
        Leave();
        return connection;
    }

    /// <summary>Answers, then reads and drops what still comes for the linger, so that the answer is not lost to a reset.</summary>
    private void Refuse(UpgradeRefusal refusal)
    {
        _refused = true;
        _overdue = false;
        ReleaseBuffer();
        _listener.Refused(refusal);
        if (_reader.Send(refusal.Wire.Span) < refusal.Wire.Length || !_reader.TryShutdownSend()) End(reset: true);
        else Schedule(_listener.Hub.Limits.LingerMs);
    }

    private void End(bool reset)
    {
        _reader.Close(reset);
        _reader.Dispose();
        Leave();
    }

    private void Leave()
    {
        _ended = true;
        _listener.Hub.Wheel.Cancel(this);
        ReleaseBuffer();
        _listener.HandshakeEnded(this);
    }

    private void Schedule(long afterMs) => _listener.Hub.Wheel.Schedule(this, _listener.Hub.Wheel.NowMs + afterMs);

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (_buffer is null)
        {
            _buffer = ArrayPool<byte>.Shared.Rent(Math.Max(SmallestBufferBytes, bytes.Length));
            bytes.CopyTo(_buffer);
        }

        _length = bytes.Length;
    }

    private void Grow()
    {
        var bigger = ArrayPool<byte>.Shared.Rent(_length * 2);
        _buffer.AsSpan(0, _length).CopyTo(bigger);
        ArrayPool<byte>.Shared.Return(_buffer!);
        _buffer = bigger;
    }

    private void ReleaseBuffer()
    {
        if (_buffer is not null) ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = null;
        _length = 0;
    }
}
