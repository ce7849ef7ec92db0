using Akka.Actor;
using Im.Actors.Edge;
using Im.Actors.Sessions;

namespace Im.Actors.Connections;

/// <summary>Pushes whose back end hears of this client's ack; older ones than <see cref="MaxCount"/> are looked up in the store.</summary>
internal sealed class AwaitedAcks(string connectionId)
{
    private const int MaxCount = 64;

    private readonly List<ConnectionCommands.Deliver> _pushes = [];

    public void Add(ConnectionCommands.Deliver push)
    {
        if (_pushes.Count >= MaxCount) _pushes.RemoveAt(0);
        _pushes.Add(push);
    }

    /// <param name="skipped">They are out of the client's reach and will never be acked.</param>
    public void Acked(string conversation, long mseq, bool skipped)
    {
        for (var i = _pushes.Count - 1; i >= 0; i--)
        {
            var push = _pushes[i];
            if (push.Record!.Conversation.Value != conversation || push.Record.Mseq > mseq) continue;
            _pushes.RemoveAt(i);
            if (!skipped) push.ReplyTo.Tell(new PushEvents.DeviceResult(push.MessageId, connectionId, DeliveryState.Acked, null));
        }
    }
}
