using Im.Actors.Connections;

namespace Im.Node.Sockets;

/// <summary>The end of the time that a refused client has to read why; exists only meanwhile.</summary>
internal sealed class LingerDeadline : WheelEntry
{
    private readonly WebSocketConnection _connection;

    private LingerDeadline(WebSocketConnection connection) => _connection = connection;

    public static void Start(WebSocketConnection connection, TimerWheel wheel, int lingerMs) =>
        wheel.Schedule(new LingerDeadline(connection), wheel.NowMs + lingerMs);

    protected internal override long OnDue(long nowMs)
    {
        _connection.Lingered();
        return 0;
    }
}
