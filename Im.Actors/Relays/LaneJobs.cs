using Im.Actors.Connections;
using Im.Actors.Messages;

namespace Im.Actors.Relays;

/// <summary>Puts a member in, with the reply of its join before anything that follows.</summary>
internal sealed class AddMemberJob(LaneRoom room, ConnectionSlot slot, Frame? reply) : LaneJob
{
    protected internal override void Run(EgressLane lane)
    {
        if (reply is not null) lane.Offer(slot, reply);
        if (!slot.IsClosing) room.Add(slot);
    }
}

/// <summary>Takes a member out, then says so.</summary>
internal sealed class RemoveMemberJob(LaneRoom room, ConnectionSlot slot, Frame? reply) : LaneJob
{
    protected internal override void Run(EgressLane lane)
    {
        room.Remove(slot);
        if (reply is not null) lane.Offer(slot, reply);
    }
}

/// <summary>Offers one push to every member on the lane.</summary>
/// <param name="deliveries">What was added to the lane's backlog for this job.</param>
/// <param name="except">Connections that get none of it.</param>
/// <param name="tally">Counts for the sender, or null when nobody asked.</param>
/// <param name="ticket">Rides on one accepted frame, to observe the time to the socket; null for none.</param>
internal sealed class FanoutJob(LaneRoom room, PushFrames frames, int deliveries, Exclusion except, IReadOnlyList<string>? platforms, FanoutTally? tally, WriteTicket? ticket) : LaneJob
{
    protected internal override void Run(EgressLane lane)
    {
        int members = 0, queued = 0, dropped = 0;
        var observer = ticket;
        foreach (var slot in room.Members)
        {
            if (frames.For(slot.Level) is not { } frame || except.Contains(slot)) continue;
            if (platforms is { Count: > 0 } && !platforms.Contains(slot.Attachment?.Platform)) continue;
            members++;
            switch (lane.Offer(slot, frame, observer))
            {
                case OfferResult.Accepted:
                    queued++;
                    observer = null;
                    break;
                case OfferResult.Full:
                    dropped++;
                    slot.Overflowed(frame);
                    break;
                default:
                    dropped++;
                    break;
            }
        }

        lane.Done(deliveries);
        tally?.Add(members, queued, dropped);
    }
}
