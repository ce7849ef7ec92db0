using Im.Actors.Connections;

namespace Im.Actors.Relays;

/// <summary>
/// Several steps of one room in one job: pushes, and members that come in between them. Whoever is to get several
/// pushes in a row gets them as one slice of the same bytes, so that a burst costs an offer per member and batch, not
/// one per member and push.
/// </summary>
/// <param name="deliveries">What was added to the lane's backlog for this job.</param>
/// <param name="ticket">Rides on the first accepted slice that holds a message; null for none.</param>
internal sealed class LaneBatchJob(LaneRoom room, RoomBatch batch, int lane, int deliveries, WriteTicket? ticket) : LaneJob
{
    private WriteTicket? _observer = ticket;

    protected internal override void Run(EgressLane egress)
    {
        var present = room.Members.Length;
        for (var i = 0; i < present; i++) Offer(egress, room.Members[i], 0);
        foreach (var entry in batch.Entries(lane))
        {
            if (entry.Reply is not null) egress.Offer(entry.Slot, entry.Reply);
            if (entry.Slot.IsClosing) continue;
            room.Add(entry.Slot);
            Offer(egress, entry.Slot, entry.From);
        }

        egress.Done(deliveries);
    }

    private void Offer(EgressLane egress, ConnectionSlot slot, int from)
    {
        if (!batch.IsExcepted(slot))
        {
            Offer(egress, slot, batch.Slice(slot.Level, from, batch.Count));
            return;
        }

        // Each run of pushes that it gets goes as one slice.
        for (var i = from; i < batch.Count; i++)
        {
            var first = i;
            while (i < batch.Count && !batch.IsExcepted(slot, i)) i++;
            if (i > first) Offer(egress, slot, batch.Slice(slot.Level, first, i));
        }
    }

    private void Offer(EgressLane egress, ConnectionSlot slot, Frame? frame)
    {
        if (frame is null) return;
        switch (egress.Offer(slot, frame, _observer))
        {
            case OfferResult.Accepted:
                _observer = null;
                break;
            case OfferResult.Full:
                slot.Overflowed(frame);
                break;
        }
    }
}
