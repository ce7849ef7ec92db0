namespace Im.Cli.Bench.Engine;

/// <summary>What a reactor tells; every member is called on the reactor's own thread and must not block.</summary>
internal interface IReactorHandler
{
    /// <summary>The upgrade was answered with 101 and the right key.</summary>
    void OnOpen(ClientConnection connection);

    /// <summary>One whole WebSocket message. The bytes are valid during the call only; <paramref name="now"/> is the stopwatch when they were read.</summary>
    void OnMessage(ClientConnection connection, ReadOnlySpan<byte> message, long now);

    /// <summary>The socket is gone, whoever began it; <paramref name="cause"/> is a short text fit for counting, empty when this side closed it.</summary>
    void OnClosed(ClientConnection connection, string cause);

    /// <summary>After each batch of events: the place to begin what they made room for, without recursion.</summary>
    void OnBatch(long now);

    /// <summary>About every 5 ms, later when a batch takes longer.</summary>
    void OnTick(long now);
}
