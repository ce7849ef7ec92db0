using Akka.Actor;
using Im.Actors.Connections;
using Im.Actors.Conversations;
using Im.Actors.Telemetry;

namespace Im.Actors.Relays;

/// <summary>
/// The relay's way to the lanes: collects what one topic batch does to each room, and hands it out as one job per room
/// and lane. Used by its relay alone.
/// </summary>
internal sealed class RelayFanout(RelayContext context)
{
    private readonly Dictionary<LocalRoom, RoomBatch> _batches = [];

    /// <summary>A member comes in at this place between the pushes.</summary>
    public void Enter(LocalRoom room, ConnectionSlot slot, Frame? reply)
    {
        room.LaneCounts[slot.Lane.Index]++;
        BatchOf(room).Enter(slot.Lane.Index, slot, reply);
    }

    /// <summary>A member goes out, before anything that was collected.</summary>
    public static void Leave(LocalRoom room, ConnectionSlot slot, Frame? reply)
    {
        var lane = slot.Lane;
        room.LaneCounts[lane.Index]--;
        lane.Post(new RemoveMemberJob(room.Lanes[lane.Index], slot, reply));
    }

    /// <summary>Hands out what was collected; called at the end of each of the relay's messages.</summary>
    public void Flush()
    {
        foreach (var (room, steps) in _batches) HandOut(room, steps);
        _batches.Clear();
    }

    public void Flush(LocalRoom room)
    {
        if (_batches.Remove(room, out var steps)) HandOut(room, steps);
    }

    public void Push(LocalRoom room, ConversationEnvelope envelope)
    {
        var except = new Exclusion(Excluded(room, envelope), envelope.Kind == EnvelopeKind.Record ? room.PlacesAt(envelope.Mseq) : null, envelope.Mseq);
        if (envelope.ReportTo is null && envelope.Platforms is null)
        {
            var acceptedMs = envelope.Kind is EnvelopeKind.Record or EnvelopeKind.Ephemeral ? envelope.TimestampMs : 0;
            BatchOf(room).Push(envelope.Frames, except, acceptedMs);
            return;
        }

        // What is counted for its sender, or goes to some platforms only, travels alone, behind what came before it.
        Flush(room);
        FanOutAlone(room, envelope, except);
    }

    private void FanOutAlone(LocalRoom room, ConversationEnvelope envelope, Exclusion except)
    {
        var members = room.LaneCounts;
        var lanes = members.Count(count => count > 0);
        if (lanes == 0)
        {
            envelope.ReportTo?.Tell(new RelayEvents.FanoutReport(envelope.MessageId!, context.Node, 0, 0, 0));
            return;
        }

        var tally = envelope.ReportTo is null ? null : new FanoutTally(envelope.MessageId!, context.Node, lanes, envelope.ReportTo);
        for (var i = 0; i < members.Length; i++)
        {
            if (members[i] == 0) continue;
            context.Lanes[i].Post(new FanoutJob(room.Lanes[i], envelope.Frames, members[i], except, envelope.Platforms, tally, Observer(envelope.TimestampMs)), members[i]);
        }
    }

    /// <summary>Gives each lane the steps of its members; entries and pushes keep their order.</summary>
    private void HandOut(LocalRoom room, RoomBatch batch)
    {
        for (var i = 0; i < room.LaneCounts.Length; i++)
        {
            if (room.LaneCounts[i] == 0 && !batch.HasEntries(i)) continue;
            var deliveries = room.LaneCounts[i] * batch.Count;
            context.Lanes[i].Post(new LaneBatchJob(room.Lanes[i], batch, i, deliveries, Observer(batch.AcceptedMs)), deliveries);
        }
    }

    private RoomBatch BatchOf(LocalRoom room)
    {
        if (_batches.TryGetValue(room, out var batch)) return batch;
        return _batches[room] = new RoomBatch(room.Key.Conversation.Value, context.Lanes.Count);
    }

    private DeliveryTimeTicket? Observer(long acceptedMs) =>
        ImMetrics.WantsDelivery && acceptedMs > 0 ? new DeliveryTimeTicket(acceptedMs, context.Time) : null;

    /// <summary>
    /// Who gets none of it: of an enter or exit the user; of a message the sending connection and the sender's level 0
    /// connections, or the whole user where the sender asks for that.
    /// </summary>
    private static ConnectionSlot[]? Excluded(LocalRoom room, ConversationEnvelope envelope)
    {
        if (envelope.User.Length == 0 || envelope.Kind == EnvelopeKind.AppBroadcast) return null;
        var own = room.SlotsOf(envelope.User);
        if (own.Length == 0) return null;
        if (envelope.Kind is EnvelopeKind.Entered or EnvelopeKind.Exited || envelope.ExcludeUser) return own;
        return envelope.SenderConnection is null
            ? null
            : Array.FindAll(own, slot => slot.Level == ProtocolLevel.Zero || slot.ConnectionId == envelope.SenderConnection);
    }
}
