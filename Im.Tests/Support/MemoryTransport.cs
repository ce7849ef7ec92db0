using System.Net;
using Im.Actors.Connections;

namespace Im.Tests.Support;

/// <summary>
/// A socket in memory: takes as many bytes as its kernel buffer has room for, keeps the rest waiting until the test
/// makes room, breaks when told to. Behaves as the listener does at the end: after the close frame it reports the
/// socket's end, after an abort too.
/// </summary>
internal sealed class MemoryTransport : ISocketTransport
{
    private readonly object _gate = new();
    private readonly List<byte> _taken = [];
    private readonly List<int> _writes = [];
    private ReadOnlyMemory<byte>? _waiting;
    private long _room = long.MaxValue;
    private bool _broken;
    private int _resumes;
    private int _aborts;
    private int _closesSent;
    private int _ended;

    public IPEndPoint RemoteEndPoint { get; init; } = new(IPAddress.Loopback, 40_000);

    /// <summary>The slot on top; set before anything is offered.</summary>
    public OutboundSlot? Slot { get; set; }

    /// <summary>Told of every byte taken, in order.</summary>
    public Action<byte[]>? Taken { get; init; }

    /// <summary>False: the peer never answers a close frame, so that only an abort ends the socket.</summary>
    public bool AnswersClose { get; init; } = true;

    /// <summary>Times that the flow asked to read on.</summary>
    public int ResumesCount => Volatile.Read(ref _resumes);

    public int AbortsCount => Volatile.Read(ref _aborts);

    public int ClosesSentCount => Volatile.Read(ref _closesSent);

    /// <summary>True while the kernel is full and a write waits.</summary>
    public bool IsBlocked
    {
        get { lock (_gate) return _waiting is not null; }
    }

    /// <summary>Sizes of the writes that were tried, as they were given.</summary>
    public int[] Writes
    {
        get { lock (_gate) return [.. _writes]; }
    }

    public byte[] Bytes
    {
        get { lock (_gate) return [.. _taken]; }
    }

    /// <summary>From now on the kernel takes so many bytes, then is full.</summary>
    public void TakeOnly(long bytes)
    {
        lock (_gate) _room = bytes;
    }

    /// <summary>The peer read: there is room for so many more bytes, and a waiting write goes on.</summary>
    public void MakeRoom(long bytes = long.MaxValue)
    {
        int written;
        lock (_gate)
        {
            _room = bytes == long.MaxValue ? bytes : _room + bytes;
            if (_waiting is not { } chunk || _room == 0) return;
            _waiting = null;
            written = Take(chunk.Span);
        }

        Slot!.WriteCompleted(written);
    }

    /// <summary>The connection was reset: writes fail from now on, a waiting one too.</summary>
    public void Break()
    {
        bool waited;
        lock (_gate)
        {
            _broken = true;
            waited = _waiting is not null;
            _waiting = null;
        }

        if (waited) Slot!.WriteCompleted(-1);
    }

    public int TryWrite(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            if (_waiting is not null) throw new InvalidOperationException("A write is under way.");
            _writes.Add(bytes.Length);
            return _broken ? -1 : Take(bytes);
        }
    }

    public void Write(ReadOnlyMemory<byte> chunk)
    {
        lock (_gate)
        {
            if (_waiting is not null) throw new InvalidOperationException("A write is under way.");
            if (!_broken && _room == 0)
            {
                _waiting = chunk;
                return;
            }
        }

        ThreadPool.UnsafeQueueUserWorkItem(_ => Complete(chunk), null);
    }

    public void ResumeReading() => Interlocked.Increment(ref _resumes);

    public void CloseSent()
    {
        if (Interlocked.Increment(ref _closesSent) > 1) throw new InvalidOperationException("CloseSent was called twice.");
        if (AnswersClose) End(Slot!.CloseCodeSent);
    }

    public void Abort()
    {
        Interlocked.Increment(ref _aborts);
        Break();
        End(1006);
    }

    /// <summary>The socket's end, as the listener reports it; on a thread of its own, since the slot may be locked now.</summary>
    public void End(int code)
    {
        if (Interlocked.Exchange(ref _ended, 1) == 1) return;
        ThreadPool.UnsafeQueueUserWorkItem(
            _ =>
            {
                if (Slot is ConnectionSlot connection) connection.SocketClosed(code);
                else Slot?.Detach();
            },
            null);
    }

    private void Complete(ReadOnlyMemory<byte> chunk)
    {
        int written;
        lock (_gate) written = _broken ? -1 : Take(chunk.Span);
        Slot!.WriteCompleted(written);
    }

    private int Take(ReadOnlySpan<byte> bytes)
    {
        var taken = (int)Math.Min(_room, bytes.Length);
        if (_room != long.MaxValue) _room -= taken;
        if (Taken is null) _taken.AddRange(bytes[..taken]);
        else Taken(bytes[..taken].ToArray());
        return taken;
    }
}
