using Akka.Actor;
using Im.Actors.Messages;

namespace Im.Actors.Connections.Commands;

/// <summary>A command whose answer is read from the store: later commands wait until it has been written into the slot. The store ends every read by itself.</summary>
internal sealed class StoreReadFlow<T> : CommandFlow
{
    private readonly Action<IConnection, T> _answer;

    private StoreReadFlow(Action<IConnection, T> answer) => _answer = answer;

    /// <param name="failed">Stands for an answer when the read threw.</param>
    public static void Start(IConnection connection, Task<T> read, T failed, Action<IConnection, T> answer)
    {
        var flow = new StoreReadFlow<T>(answer);
        connection.Suspend(flow);
        read.PipeTo(connection.Self, connection.Self, value => new Read(flow, value), _ => new Read(flow, failed));
    }

    public override bool OnMessage(IConnection connection, object message)
    {
        if (message is not Read read || read.Flow != this) return false;
        _answer(connection, read.Value);
        connection.Resume();
        return true;
    }

    private sealed record Read(StoreReadFlow<T> Flow, T Value) : ILocalMessage;
}
