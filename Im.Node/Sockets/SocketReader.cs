using System.Net.Sockets;

namespace Im.Node.Sockets;

/// <summary>Who a socket's turns belong to: its handshake first, its connection after the upgrade.</summary>
internal interface ISocketOwner
{
    /// <summary>Looks at what happened and does it. Never two at a time for one socket, though on changing threads.</summary>
    /// <returns>True: there is more to do, but others first.</returns>
    bool Turn();

    /// <summary>A turn threw: the socket is of no use any more. Called in place of a turn's end.</summary>
    void Fail(Exception error);
}

/// <summary>
/// A socket and its turns. Whatever happens to it (input, a resume, a deadline, an abort) asks for a turn; turns never
/// overlap, so their code needs no lock. While idle the socket has one zero-byte receive armed: no buffer, no task.
/// </summary>
internal sealed class SocketReader(Socket socket) : SocketAsyncEventArgs(unsafeSuppressExecutionContextFlow: true), IThreadPoolWorkItem
{
    private static readonly LingerOption Reset = new(true, 0);

    private int _signals;
    private volatile bool _isArmed;

    public enum ArmResult
    {
        /// <summary>A turn will come when there is input, or the end of it.</summary>
        Armed,

        /// <summary>There is input now.</summary>
        Ready,
        Broken,
    }

    /// <summary>Changed only inside a turn.</summary>
    public required ISocketOwner Owner { get; set; }

    public Socket Socket { get; } = socket;

    public bool IsArmed => _isArmed;

    /// <summary>Asks for a turn, from any thread; requests made before it begins are one.</summary>
    public void Signal()
    {
        if (Interlocked.Increment(ref _signals) == 1) ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>Waits for input with a receive of no bytes. Inside a turn only.</summary>
    public ArmResult Arm()
    {
        _isArmed = true;
        try
        {
            if (Socket.ReceiveAsync(this)) return ArmResult.Armed;
            _isArmed = false;
            return SocketError == SocketError.Success ? ArmResult.Ready : ArmResult.Broken;
        }
        catch (ObjectDisposedException)
        {
            _isArmed = false;
            return ArmResult.Broken;
        }
    }

    /// <summary>Reads what is there, without waiting.</summary>
    /// <returns>0 at the end of the stream, -1 when nothing is there now, -2 when the socket is broken.</returns>
    public int Receive(Span<byte> target)
    {
        try
        {
            var length = Socket.Receive(target, SocketFlags.None, out var error);
            if (error == SocketError.Success) return length;
            return error == SocketError.WouldBlock ? -1 : -2;
        }
        catch (ObjectDisposedException)
        {
            return -2;
        }
    }

    /// <summary>Writes what the kernel takes, without waiting.</summary>
    /// <returns>How many bytes; -1 when the socket is broken.</returns>
    public int Send(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var length = Socket.Send(bytes, SocketFlags.None, out var error);
            if (error == SocketError.Success) return length;
            return error is SocketError.WouldBlock or SocketError.NoBufferSpaceAvailable ? 0 : -1;
        }
        catch (ObjectDisposedException)
        {
            return -1;
        }
    }

    /// <summary>Tells the peer that nothing more comes; false when it is gone already.</summary>
    public bool TryShutdownSend()
    {
        try
        {
            Socket.Shutdown(SocketShutdown.Send);
            return true;
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    /// <summary>Ends the socket. Any thread, any number of times; an armed receive completes and asks for a turn.</summary>
    /// <param name="reset">True: the peer sees a reset and unsent bytes are gone. False: what was written still arrives, then the end.</param>
    public void Close(bool reset)
    {
        try
        {
            if (reset) Socket.LingerState = Reset;
            else Socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // The peer was faster; there is nothing left to say to it.
        }
        catch (ObjectDisposedException)
        {
            return;
        }

        Socket.Dispose();
    }

    void IThreadPoolWorkItem.Execute() => RunTurns();

    protected override void OnCompleted(SocketAsyncEventArgs e)
    {
        _isArmed = false;
        if (Interlocked.Increment(ref _signals) == 1) RunTurns();
    }

    private void RunTurns()
    {
        int seen;
        do
        {
            seen = Volatile.Read(ref _signals);
            if (!RunTurn()) continue;
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            return;
        }
        while (Interlocked.Add(ref _signals, -seen) != 0);
    }

    private bool RunTurn()
    {
        try
        {
            return Owner.Turn();
        }
#pragma warning disable CA1031 // One poisoned socket must not end the process.
        catch (Exception error)
#pragma warning restore CA1031
        {
            Owner.Fail(error);
            return false;
        }
    }
}
