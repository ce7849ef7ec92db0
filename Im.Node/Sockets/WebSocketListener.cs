using System.Net;
using System.Net.Sockets;
using Im.Actors.Connections;
using Im.Actors.Telemetry;
using Im.Protocol.WebSockets;

namespace Im.Node.Sockets;

/// <summary>
/// The node's WebSocket port: accepts sockets, judges their upgrade requests and hands those that pass to the hub. It knows
/// sockets in their handshake; upgraded ones are the hub's.
/// </summary>
internal sealed class WebSocketListener(
    WebSocketListenerOptions options,
    IConnectionHub hub,
    IOriginPolicy origins,
    TimeProvider time,
    ILogger<WebSocketListener> logger) : IAsyncDisposable
{
    private readonly HashSet<Handshake> _handshakes = [];
    private readonly Lock _gate = new();
    private ListenSocket? _listen;
    private int _connectionsCount;
    private bool _stopped;

    /// <summary>Where it listens, with the port that was taken for 0; null before <see cref="Start"/>.</summary>
    public IPEndPoint? EndPoint => _listen?.EndPoint;

    /// <summary>Sockets that have not upgraded yet.</summary>
    public int HandshakesCount
    {
        get
        {
            lock (_gate) return _handshakes.Count;
        }
    }

    /// <summary>Upgraded sockets that are not released yet.</summary>
    public int ConnectionsCount => Volatile.Read(ref _connectionsCount);

    internal WebSocketListenerOptions Options => options;

    internal IConnectionHub Hub => hub;

    internal ClientAddress ClientAddress { get; } = new(options.KnownProxies);

    /// <summary>Binds and accepts. Called once.</summary>
    /// <exception cref="ListenException">The address cannot be had.</exception>
    public void Start() => _listen = ListenSocket.Open(options, Begin, time, logger);

    /// <summary>Closes the port and drops the sockets in handshake; upgraded ones stay. Any number of times.</summary>
    public async Task StopAcceptingAsync()
    {
        if (_listen is not null) await _listen.DisposeAsync();
        Handshake[] dropped;
        lock (_gate)
        {
            _stopped = true;
            dropped = [.. _handshakes];
        }

        foreach (var handshake in dropped) handshake.Stop();
    }

    public async ValueTask DisposeAsync() => await StopAcceptingAsync();

    /// <summary>Decides about a request; a null answer has taken a reservation from the hub.</summary>
    internal UpgradeRefusal? Judge(ReadOnlySpan<byte> head, out UpgradeRequest? request)
    {
        var refusal = UpgradeParser.Parse(head, out request);
        if (refusal is not null) return refusal;
        if (request!.Path == options.ReadyPath) return AnswerReady(request);
        if (request.Path != options.Path && !IsEcho(request)) return UpgradeRefusal.NotFound;
        refusal = request.Check();
        if (refusal is not null) return refusal;
        if (!origins.Allows(request.Origin, request.Host)) return UpgradeRefusal.OriginRefused;
        return hub.TryReserve() ? null : UpgradeRefusal.Unavailable;
    }

    /// <summary>Makes the connection of a socket whose 101 has left, and its slot.</summary>
    internal WebSocketConnection Open(UpgradeRequest request, SocketReader reader, IPEndPoint remote, ReadOnlySpan<byte> early)
    {
        var connection = new WebSocketConnection(reader, this, remote);
        Interlocked.Increment(ref _connectionsCount);
        try
        {
            if (IsEcho(request)) OpenEcho(connection, early);
            else connection.Attach(hub.Open(connection), early);
        }
        catch
        {
            hub.Release();
            ConnectionEnded();
            throw;
        }

        return connection;
    }

    internal void HandshakeEnded(Handshake handshake)
    {
        lock (_gate) _handshakes.Remove(handshake);
    }

    internal void ConnectionEnded() => Interlocked.Decrement(ref _connectionsCount);

    internal void Refused(UpgradeRefusal refusal)
    {
        if (refusal == UpgradeRefusal.HasRoom) return;
        ImMetrics.HandshakeRefused(refusal.Status);
        SocketLog.UpgradeRefused(logger, refusal.Status);
    }

    internal void ReportFailure(IPEndPoint peer, Exception error) => SocketLog.SocketFailed(logger, peer, error);

    private UpgradeRefusal AnswerReady(UpgradeRequest request)
    {
        if (request.Method != "GET") return UpgradeRefusal.MethodNotAllowed;
        if (!hub.TryReserve()) return UpgradeRefusal.Unavailable;
        hub.Release();
        return UpgradeRefusal.HasRoom;
    }

    private bool IsEcho(UpgradeRequest request) => options.ConformanceEcho && request.Path == options.EchoPath;

    private void OpenEcho(WebSocketConnection connection, ReadOnlySpan<byte> early)
    {
        var slot = hub.OpenBare((lane, limits) => new EchoSlot(connection, lane, limits, hub));
        connection.Attach(slot, early);
        slot.Arm();
    }

    /// <summary>A socket was accepted. Beyond the bound of handshakes it is closed at once.</summary>
    private void Begin(Socket socket)
    {
        Handshake handshake;
        lock (_gate)
        {
            if (_stopped || _handshakes.Count >= options.HandshakesMaxCount)
            {
                socket.Dispose();
                return;
            }

            handshake = new Handshake(this, socket);
            _handshakes.Add(handshake);
        }

        handshake.Start();
    }
}
