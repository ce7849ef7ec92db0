using System.Net;
using System.Net.Sockets;
using Im.Protocol.WebSockets;

namespace Im.Node.Sockets;

/// <summary>The listening socket and its accept loops. No error of an accept ends them.</summary>
internal sealed class ListenSocket : IAsyncDisposable
{
    /// <summary>After an error that the next accept would meet again, such as no free file handle.</summary>
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(100);

    /// <summary>Such an error is logged once in this time.</summary>
    private static readonly TimeSpan LogInterval = TimeSpan.FromSeconds(10);

    private readonly Socket _socket;
    private readonly HandleReserve _reserve;
    private readonly Action<Socket> _accepted;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task[] _loops;
    private long _loggedAt;
    private int _disposed;

    private ListenSocket(Socket socket, WebSocketListenerOptions options, Action<Socket> accepted, TimeProvider time, ILogger logger)
    {
        _socket = socket;
        _reserve = new HandleReserve(options.HandlesMaxCount);
        _accepted = accepted;
        _time = time;
        _logger = logger;
        EndPoint = (IPEndPoint)socket.LocalEndPoint!;
        _loops = [.. Enumerable.Range(0, options.AcceptLoopsCount).Select(_ => Task.Run(AcceptLoopAsync))];
    }

    public IPEndPoint EndPoint { get; }

    /// <exception cref="ListenException">The address cannot be had.</exception>
    public static ListenSocket Open(WebSocketListenerOptions options, Action<Socket> accepted, TimeProvider time, ILogger logger)
    {
        var endPoint = new IPEndPoint(options.BindAddress, options.Port);
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (endPoint.Address.Equals(IPAddress.IPv6Any)) socket.DualMode = true;
            SocketTuning.Listening(socket);
            socket.Bind(endPoint);
            socket.Listen(options.BacklogCount);
            return new ListenSocket(socket, options, accepted, time, logger);
        }
        catch (SocketException error)
        {
            socket.Dispose();
            throw new ListenException(endPoint, error);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1) return;
        await _stop.CancelAsync();
        _socket.Dispose();
        await Task.WhenAll(_loops);
        _stop.Dispose();
    }

    private async Task AcceptLoopAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await AcceptAsync();
            }
            catch (Exception) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (SocketException error) when (error.SocketErrorCode is SocketError.ConnectionAborted or SocketError.ConnectionReset)
            {
                // The peer left the queue: the next one waits behind it.
            }
            catch (Exception error)
            {
                Report(error.Message);
                await Task.Delay(RetryDelay, _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task AcceptAsync()
    {
        var socket = await _socket.AcceptAsync(_stop.Token);
        try
        {
            SocketTuning.Accepted(socket);
            if (_reserve.IsTouchedBy(socket)) Refuse(socket);
            else _accepted(socket);
        }
        catch (SocketException)
        {
            // The peer left before its options were set: nothing to report.
            socket.Dispose();
        }
    }

    /// <summary>Says 503 without having read the request: there is no handle to spare for waiting.</summary>
    private void Refuse(Socket socket)
    {
        Report("file handles run short");
        socket.Send(UpgradeRefusal.Unavailable.Wire.Span, SocketFlags.None, out _);
        socket.Shutdown(SocketShutdown.Send);
        socket.Dispose();
    }

    private void Report(string error)
    {
        var now = _time.GetTimestamp();
        var last = Interlocked.Read(ref _loggedAt);
        if (last != 0 && _time.GetElapsedTime(last, now) < LogInterval) return;
        if (Interlocked.CompareExchange(ref _loggedAt, now, last) == last) SocketLog.AcceptFailed(_logger, EndPoint, error);
    }
}
