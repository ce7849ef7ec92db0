using Im.Actors.Connections;
using Im.Actors.Telemetry;

namespace Im.Actors.Relays;

/// <summary>Rides on one delivery of a fan-out and lane: from the owner's acceptance until the kernel took it.</summary>
internal sealed class DeliveryTimeTicket(long acceptedMs, TimeProvider time) : WriteTicket
{
    public override void Complete(WriteOutcome outcome)
    {
        if (outcome == WriteOutcome.Written) ImMetrics.Delivered(time.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(acceptedMs));
    }
}
