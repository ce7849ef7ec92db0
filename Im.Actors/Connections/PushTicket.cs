using Akka.Actor;
using Im.Actors.Edge;
using Im.Actors.Sessions;

namespace Im.Actors.Connections;

/// <summary>Observes one push on this connection for its collector.</summary>
internal sealed class PushTicket(ConnectionCommands.Deliver deliver, string connectionId) : WriteTicket
{
    public override void Complete(WriteOutcome outcome)
    {
        var (state, why) = outcome switch
        {
            WriteOutcome.Written => (DeliveryState.Written, (string?)null),
            WriteOutcome.Dropped => (DeliveryState.Pending, "slow"),
            _ => (DeliveryState.Failed, "closed"),
        };
        deliver.ReplyTo.Tell(new PushEvents.DeviceResult(deliver.MessageId, connectionId, state, why));
    }
}
