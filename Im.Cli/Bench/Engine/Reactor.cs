using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Im.Protocol.WebSockets;

namespace Im.Cli.Bench.Engine;

/// <summary>
/// One thread, one epoll and thousands of client sockets. A receive buffer is shared by all of them; a frame that came whole is handed on where it lies, without a copy or
/// an allocation. Everything about a connection happens on this thread; other threads use <see cref="Post"/>.
/// </summary>
internal sealed unsafe class Reactor : IDisposable
{
    private const int WakeData = -1;
    private const int ReceiveBytes = 256 * 1024;
    private const int TickMs = 5;

    private readonly EndpointSet _endpoints;
    private readonly ClientHandshake[] _handshakes;
    private readonly Func<int, int> _place;
    private readonly IReactorHandler _handler;
    private readonly ClientConnection[] _connections;
    private readonly ConcurrentQueue<Action> _posted = new();
    private readonly EpollEvents _events = new(1024);
    private readonly byte* _receive = (byte*)NativeMemory.Alloc(ReceiveBytes);
    private readonly int _epoll;
    private readonly int _wake;
    private readonly Thread _thread;
    private readonly ReactorClock _clock = new();
    private byte[] _frame = new byte[64 * 1024];
    private volatile bool _stopping;
    private Exception? _fault;

    /// <param name="connections">The connection at place n has <see cref="ClientConnection.Slot"/> n.</param>
    /// <param name="place">Number of the endpoint that a connection of this index goes to, asked at each connect.</param>
    public Reactor(EndpointSet endpoints, Func<int, int> place, ClientConnection[] connections, IReactorHandler handler, int number)
    {
        _endpoints = endpoints;
        _place = place;
        _connections = connections;
        _handler = handler;
        _handshakes = [.. endpoints.All.Select(endpoint => new ClientHandshake(endpoint.Url))];
        _epoll = Libc.EpollCreate(Libc.EpollCloseOnExec);
        _wake = Libc.EventFd(0, Libc.EventNonBlock);
        Control(Libc.EpollAdd, _wake, Libc.EpollIn, WakeData);
        _thread = new Thread(Run) { Name = $"reactor-{number}", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Longest wait for events, 1–5 ms: how late what is due by the clock can be.</summary>
    public int WaitMs { get; set; } = TickMs;

    /// <summary>Processor time of the reactor's thread.</summary>
    public ReactorClock Clock => _clock;

    /// <summary>What ended the thread, if anything but <see cref="Dispose"/> did.</summary>
    public Exception? Fault => _fault;

    /// <summary>Runs an action on the reactor's thread; from that thread too, after what is under way. The queue is bounded by the caller's own steps.</summary>
    public void Post(Action action)
    {
        _posted.Enqueue(action);
        ulong one = 1;
        _ = Libc.Write(_wake, &one, sizeof(ulong));
    }

    /// <summary>Begins to connect a closed connection.</summary>
    public void Connect(ClientConnection connection, int receiveBufferBytes = 0)
    {
        connection.Endpoint = _place(connection.Index);
        var endpoint = _endpoints.All[connection.Endpoint];
        var local = endpoint.Sources.Count == 0 ? null : endpoint.Sources[connection.Index / _endpoints.Count % endpoint.Sources.Count];
        var fd = SocketCalls.BeginConnect(endpoint.Remote, local, receiveBufferBytes);
        if (fd < 0)
        {
            _handler.OnClosed(connection, $"connect: {SocketCalls.Describe(-fd)}");
            return;
        }
        connection.Fd = fd;
        connection.State = SocketState.Connecting;
        connection.CloseCode = 0;
        Control(Libc.EpollAdd, fd, Libc.EpollOut | Libc.EpollReadHup, connection.Slot);
    }

    /// <summary>Sends a text frame; what the kernel does not take waits in the connection.</summary>
    public void Send(ClientConnection connection, ReadOnlySpan<byte> text) => SendFrame(connection, Opcode.Text, text);

    /// <summary>Closes without a close frame: by RST when <paramref name="reset"/>, else by FIN. The handler is told with an empty cause.</summary>
    public void Drop(ClientConnection connection, bool reset) => Close(connection, "", reset);

    /// <summary>Stops reading: the kernel's buffers fill, then the server's. An end of the connection is still noticed.</summary>
    public void StopReading(ClientConnection connection) => Control(Libc.EpollModify, connection.Fd, Libc.EpollReadHup, connection.Slot);

    public void Dispose()
    {
        if (_stopping) return;
        _stopping = true;
        Post(() => { });
        _thread.Join();
        foreach (var connection in _connections)
        {
            if (connection.State != SocketState.Closed) SocketCalls.Reset(connection.Fd);
            connection.State = SocketState.Closed;
            connection.Incomplete.Clear();
            connection.Fragments.Clear();
            connection.Unsent.Clear();
        }
        _ = Libc.Close(_epoll);
        _ = Libc.Close(_wake);
        _events.Dispose();
        NativeMemory.Free(_receive);
    }

    private void Run()
    {
        try
        {
            _clock.Attach();
            var nextTick = 0L;
            while (!_stopping)
            {
                var count = Libc.EpollWait(_epoll, _events.Memory, _events.Capacity, WaitMs);
                for (var i = 0; i < count; i++) Handle(_events.Data(i), _events.Flags(i));
                var now = Stopwatch.GetTimestamp();
                _handler.OnBatch(now);
                if (now < nextTick) continue;
                nextTick = now + Stopwatch.Frequency * TickMs / 1000;
                _clock.Sample();
                _handler.OnTick(now);
            }
        }
        catch (Exception failure)
        {
            _fault = failure;
        }
    }

    private void Handle(int data, uint flags)
    {
        if (data == WakeData)
        {
            ulong counter;
            _ = Libc.Read(_wake, &counter, sizeof(ulong));
            while (_posted.TryDequeue(out var action)) action();
            return;
        }
        var connection = _connections[data];
        if (connection.State == SocketState.Closed) return;
        if (connection.State == SocketState.Connecting)
        {
            FinishConnect(connection);
            return;
        }
        if ((flags & Libc.EpollOut) != 0) Flush(connection);
        if ((flags & Libc.EpollIn) != 0) Receive(connection);
        else if ((flags & (Libc.EpollErr | Libc.EpollHup | Libc.EpollReadHup)) != 0) CloseByPeer(connection);
    }

    private void FinishConnect(ClientConnection connection)
    {
        var error = SocketCalls.ConnectError(connection.Fd);
        if (error != 0)
        {
            Close(connection, $"connect: {SocketCalls.Describe(error)}", reset: false);
            return;
        }
        connection.State = SocketState.Upgrading;
        Control(Libc.EpollModify, connection.Fd, Libc.EpollIn | Libc.EpollReadHup, connection.Slot);
        SendRaw(connection, _handshakes[connection.Endpoint].Bytes);
    }

    private void Receive(ClientConnection connection)
    {
        while (connection.State != SocketState.Closed)
        {
            var count = (int)Libc.Receive(connection.Fd, _receive, ReceiveBytes, 0);
            if (count <= 0)
            {
                if (count < 0 && Marshal.GetLastPInvokeError() is Libc.EAgain or Libc.EIntr) return;
                CloseByPeer(connection, count == 0 ? 0 : Marshal.GetLastPInvokeError());
                return;
            }
            Accept(connection, new ReadOnlySpan<byte>(_receive, count), Stopwatch.GetTimestamp());
            if (count < ReceiveBytes) return;
        }
    }

    private void Accept(ClientConnection connection, ReadOnlySpan<byte> received, long now)
    {
        var held = connection.Incomplete.Count > 0;
        if (held)
        {
            connection.Incomplete.Append(received);
            received = connection.Incomplete.Span;
        }
        var used = 0;
        if (connection.State == SocketState.Upgrading)
        {
            used = _handshakes[connection.Endpoint].TryReadAnswer(received, out var refusal);
            if (used < 0)
            {
                Close(connection, $"upgrade: {refusal}", reset: false);
                return;
            }
            if (used > 0)
            {
                connection.State = SocketState.Open;
                _handler.OnOpen(connection);
            }
        }
        if (connection.State == SocketState.Open) used += FrameDispatcher.Dispatch(this, _handler, connection, received[used..], now);
        if (connection.State == SocketState.Closed) return;
        if (held) connection.Incomplete.Skip(used);
        else connection.Incomplete.Append(received[used..]);
    }

    /// <summary>Sends any frame; used for text by the crowd and for control frames by <see cref="FrameDispatcher"/>.</summary>
    internal void SendFrame(ClientConnection connection, Opcode opcode, ReadOnlySpan<byte> payload)
    {
        if (_frame.Length < payload.Length + ClientFrame.MaxHeaderBytes) _frame = new byte[payload.Length + ClientFrame.MaxHeaderBytes];
        var length = ClientFrame.Write(_frame, opcode, connection.Mask, payload);
        SendRaw(connection, _frame.AsSpan(0, length));
    }

    /// <summary>Ends a connection and tells the handler why.</summary>
    internal void Close(ClientConnection connection, string cause, bool reset)
    {
        if (connection.State == SocketState.Closed) return;
        connection.State = SocketState.Closed;
        if (reset) SocketCalls.Reset(connection.Fd);
        else _ = Libc.Close(connection.Fd);
        connection.Fd = -1;
        connection.Incomplete.Clear();
        connection.Fragments.Clear();
        connection.Unsent.Clear();
        _handler.OnClosed(connection, cause);
    }

    private void CloseByPeer(ClientConnection connection, int error = 0)
    {
        if (error == 0) error = SocketCalls.ConnectError(connection.Fd);
        var cause = connection.CloseCode != 0 ? $"closed by server: {connection.CloseCode}"
            : error != 0 ? $"connection lost: {SocketCalls.Describe(error)}" : "connection ended without a close frame";
        Close(connection, cause, reset: false);
    }

    private void SendRaw(ClientConnection connection, ReadOnlySpan<byte> bytes)
    {
        if (connection.State == SocketState.Closed) return;
        if (connection.Unsent.Count == 0)
        {
            var sent = SocketCalls.Send(connection.Fd, bytes);
            if (sent == bytes.Length) return;
            if (sent < 0)
            {
                CloseByPeer(connection, -sent);
                return;
            }
            bytes = bytes[sent..];
            Control(Libc.EpollModify, connection.Fd, Libc.EpollIn | Libc.EpollOut | Libc.EpollReadHup, connection.Slot);
        }
        connection.Unsent.Append(bytes);
    }

    private void Flush(ClientConnection connection)
    {
        var sent = SocketCalls.Send(connection.Fd, connection.Unsent.Span);
        if (sent < 0)
        {
            CloseByPeer(connection, -sent);
            return;
        }
        connection.Unsent.Skip(sent);
        if (connection.Unsent.Count == 0) Control(Libc.EpollModify, connection.Fd, Libc.EpollIn | Libc.EpollReadHup, connection.Slot);
    }

    private void Control(int operation, int fd, uint flags, int data)
    {
        var value = stackalloc byte[16];
        EpollEvents.Fill(value, flags, data);
        _ = Libc.EpollControl(_epoll, operation, fd, value);
    }
}
