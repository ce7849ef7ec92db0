using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Im.Tests.Support;

/// <summary>
/// A TCP relay on a loopback port of its own that a test can cut: connections under way are reset and new ones refused
/// until <see cref="Restore"/>. It stands between a client and a node whose own sockets the test leaves alone.
/// </summary>
internal sealed class TcpRelay : IAsyncDisposable
{
    private readonly IPEndPoint _target;
    private readonly Socket _port = FreePort.Keep();   // a cut must not lose it to somebody else
    private readonly ConcurrentDictionary<Socket, byte> _sockets = [];
    private readonly CancellationTokenSource _stopping = new();
    private volatile bool _holding;
    private Socket? _listener;
    private Task _accepting = Task.CompletedTask;

    public TcpRelay(IPEndPoint target, bool open = true)
    {
        _target = target;
        Port = ((IPEndPoint)_port.LocalEndPoint!).Port;
        _listener = Listen(Port);
        if (open) _accepting = AcceptAsync(_listener);
        else Cut();
    }

    /// <summary>The port stays the same over cuts.</summary>
    public int Port { get; }

    /// <summary>Resets every connection and refuses new ones. Idempotent.</summary>
    public void Cut()
    {
        Interlocked.Exchange(ref _listener, null)?.Dispose();
        foreach (var socket in _sockets.Keys) Reset(socket);
    }

    /// <summary>Swallows whatever comes from now on, as a dead network would, until <see cref="Restore"/>.</summary>
    public void Hold() => _holding = true;

    /// <summary>Accepts again. Idempotent.</summary>
    public void Restore()
    {
        _holding = false;
        if (_listener is not null) return;
        _listener = Listen(Port);
        _accepting = AcceptAsync(_listener);
    }

    public async ValueTask DisposeAsync()
    {
        Cut();
        await _stopping.CancelAsync();
        await _accepting;
        _stopping.Dispose();
        _port.Dispose();
    }

    private static Socket Listen(int port)
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        listener.Listen();
        return listener;
    }

    private async Task AcceptAsync(Socket listener)
    {
        try
        {
            while (true) _ = RelayAsync(await listener.AcceptAsync(_stopping.Token), listener);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Cut or disposed: nobody is accepted any more.
        }
    }

    private async Task RelayAsync(Socket client, Socket acceptedBy)
    {
        using var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using (client)
        {
            try
            {
                _sockets[client] = _sockets[server] = 0;
                await server.ConnectAsync(_target, _stopping.Token);
                if (ReferenceEquals(_listener, acceptedBy)) await Task.WhenAny(CopyAsync(client, server), CopyAsync(server, client));
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                // The target is away, or the relay was cut: the client's connection ends too.
            }
            finally
            {
                _sockets.TryRemove(client, out _);
                _sockets.TryRemove(server, out _);
                Reset(client);
                Reset(server);
            }
        }
    }

    private async Task CopyAsync(Socket from, Socket to)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            for (int count; (count = await from.ReceiveAsync(buffer)) > 0;)
            {
                for (var sent = 0; sent < count && !_holding;) sent += await to.SendAsync(buffer.AsMemory(sent, count - sent));
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // One side has gone; the other is reset by the caller.
        }
    }

    private static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Already closed.
        }

        socket.Dispose();
    }
}
