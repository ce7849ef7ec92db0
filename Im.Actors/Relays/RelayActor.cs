using Akka.Actor;
using Akka.Cluster.Tools.PublishSubscribe;
using Im.Actors.Connections;
using Im.Actors.Conversations;
using Im.Actors.Telemetry;
using Im.Protocol.Names;

namespace Im.Actors.Relays;

/// <summary>
/// Hands what owners publish to the connections of this node: the same finished bytes to every member, by egress lane,
/// decoding nothing. Holds who of this node is in which conversation. A node has a few relays, each with its share of
/// the partition topics, to which it subscribes before the node is ready.
/// </summary>
/// <remarks>
/// Pub-sub is a hint: an enter or exit is repeated to the owner until it was seen ordered. What an epoch and order have
/// shown before is not handed out again.
/// </remarks>
internal sealed class RelayActor : UntypedActor, IWithTimers
{
    public static Props Create(RelayContext context, int index) => Props.Create(() => new RelayActor(context, index)).WithDispatcher("im.lane-dispatcher");

    private sealed record Sweep : INoSerializationVerificationNeeded
    {
        public static readonly Sweep Instance = new();
    }

    /// <summary>A room none of whose enters and exits was ordered for so long has its oldest repeated.</summary>
    private static readonly TimeSpan RepeatAfter = TimeSpan.FromSeconds(1);

    /// <summary>How many at once: the owner takes them in order, and a storm of repeats would feed itself.</summary>
    private const int RepeatCount = 64;

    private readonly RelayContext _context;
    private readonly int[] _partitions;
    private readonly Dictionary<ConversationKey, LocalRoom> _rooms = [];
    private readonly HashSet<LocalRoom> _waiting = [];
    private readonly Dictionary<LocalRoom, RoomBatch> _batches = [];   // only while a topic batch is handled
    private int _subscribed;
    private long _op;

    public RelayActor(RelayContext context, int index)
    {
        _context = context;
        _partitions = [.. Enumerable.Range(0, Topics.Count).Where(partition => partition % context.RelaysCount == index)];
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        foreach (var partition in _partitions) _context.Mediator.Tell(new Subscribe(Topics.Name(partition), Self));
        Timers.StartPeriodicTimer(nameof(Sweep), Sweep.Instance, RepeatAfter);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case TopicBatch batch: OnBatch(batch); break;
            case RelayCommands.Join join: OnJoin(join); break;
            case RelayCommands.Leave leave: OnLeave(leave); break;
            case RelayCommands.Follow follow: OnFollow(follow); break;
            case RelayCommands.Unfollow unfollow: OnUnfollow(unfollow); break;
            case RelayCommands.GetNames names: OnGetNames(names); break;
            case Sweep: OnSweep(); break;
            case SubscribeAck: OnSubscribed(); break;
            default: Unhandled(message); break;
        }
    }

    private void OnBatch(TopicBatch batch)
    {
        foreach (var envelope in batch.Envelopes)
        {
            if (_rooms.TryGetValue(envelope.Conversation, out var room)) Handle(room, envelope);
            else if (envelope.ReportTo is not null) envelope.ReportTo.Tell(new RelayEvents.FanoutReport(envelope.MessageId!, _context.Node, 0, 0, 0));
        }

        foreach (var (room, steps) in _batches) HandOut(room, steps);
        _batches.Clear();
    }

    private void Handle(LocalRoom room, ConversationEnvelope envelope)
    {
        if (envelope.Kind == EnvelopeKind.AppBroadcast)
        {
            FanOut(room, envelope, null);
            return;
        }

        if (envelope.Kind == EnvelopeKind.OwnerStarted)
        {
            OnOwnerStarted(room, envelope);
            return;
        }

        if (envelope.Kind == EnvelopeKind.Applied)
        {
            OnApplied(room, envelope);
            return;
        }

        if (room.Epoch == envelope.Epoch && envelope.Order <= room.LastOrder) return;
        room.Epoch = envelope.Epoch;
        room.LastOrder = envelope.Order;
        room.Head = envelope.Mseq;
        room.Members = envelope.Members;
        FanOut(room, envelope, Excluded(room, envelope));
        if (Self.Equals(envelope.Relay)) Applied(room, envelope.Op);
    }

    /// <summary>The publish of an enter or exit was lost; this one comes behind everything that was published before it.</summary>
    private void OnApplied(LocalRoom room, ConversationEnvelope envelope)
    {
        if (!Self.Equals(envelope.Relay)) return;
        room.Epoch ??= envelope.Epoch;
        room.Head = envelope.Mseq;
        room.Members = envelope.Members;
        Applied(room, envelope.Op);
    }

    /// <summary>A new owner counts afresh; what it has not ordered is repeated at once.</summary>
    private void OnOwnerStarted(LocalRoom room, ConversationEnvelope envelope)
    {
        if (room.Epoch == envelope.Epoch) return;
        if (room.AppliedOp > 0)
        {
            _context.Conversations.Tell(new ConversationCommands.Report(room.Key, Self, room.OrderedUsersCount, room.AppliedOp));
        }

        Repeat(room);
    }

    private void OnJoin(RelayCommands.Join join)
    {
        var room = RoomFor(join.Conversation);
        var user = join.Slot.Attachment!.User.User;
        if (room.IsActive(user.Value, join.Slot))
        {
            if (join.Reply.Encode(room.Epoch!, room.Head, room.Members) is { } reply) join.Slot.Offer(reply);
            join.Slot.Actor.Tell(new RelayEvents.Joined(room.Key, room.Epoch!, room.Head, room.Members));
            return;
        }

        Enqueue(room, user, room.Claim(user.Value), join);
    }

    private void OnLeave(RelayCommands.Leave leave)
    {
        var user = leave.Slot.Attachment!.User.User;
        if (!_rooms.TryGetValue(leave.Conversation, out var room) || !TakeOut(room, user.Value, leave))
        {
            if (leave.Reply is not null) leave.Slot.Offer(leave.Reply);
            return;
        }

        if (room.Unclaim(user.Value)) Enqueue(room, user, false, null);
    }

    /// <summary>Removes the connection, whether it is in or still waits.</summary>
    private static bool TakeOut(LocalRoom room, string user, RelayCommands.Leave leave)
    {
        if (room.Deactivate(user, leave.Slot))
        {
            var lane = leave.Slot.Lane;
            room.LaneCounts[lane.Index]--;
            lane.Post(new RemoveMemberJob(room.Lanes[lane.Index], leave.Slot, leave.Reply));
            return true;
        }

        foreach (var op in room.Pending)
        {
            if (op.Join?.Slot != leave.Slot || op.IsAbandoned) continue;
            op.IsAbandoned = true;
            if (leave.Reply is not null) leave.Slot.Offer(leave.Reply);
            return true;
        }

        return false;
    }

    private void OnFollow(RelayCommands.Follow follow)
    {
        var room = RoomFor(Topics.AppChannel(follow.App));
        room.LaneCounts[follow.Slot.Lane.Index]++;
        follow.Slot.Lane.Post(new AddMemberJob(room.Lanes[follow.Slot.Lane.Index], follow.Slot, null));
    }

    private void OnUnfollow(RelayCommands.Unfollow unfollow)
    {
        var room = RoomFor(Topics.AppChannel(unfollow.App));
        room.LaneCounts[unfollow.Slot.Lane.Index]--;
        unfollow.Slot.Lane.Post(new RemoveMemberJob(room.Lanes[unfollow.Slot.Lane.Index], unfollow.Slot, null));
    }

    private void OnGetNames(RelayCommands.GetNames names) =>
        Sender.Tell(new RelayEvents.Names(_rooms.TryGetValue(names.Conversation, out var room) ? [.. room.ActiveUsers] : []));

    private void OnSweep()
    {
        var now = _context.NowMs;
        foreach (var room in _waiting)
        {
            if (now - room.MovedAtMs < RepeatAfter.TotalMilliseconds) continue;
            room.MovedAtMs = now;
            Repeat(room);
        }
    }

    private void OnSubscribed()
    {
        if (++_subscribed == _partitions.Length) _context.RelaySubscribed();
    }

    private void Enqueue(LocalRoom room, UserId user, bool isFirst, RelayCommands.Join? join)
    {
        var op = new PendingOp(++_op, room.LastOp, user, isFirst, join);
        room.LastOp = op.Op;
        room.Pending.Enqueue(op);
        if (_waiting.Add(room)) room.MovedAtMs = _context.NowMs;
        Send(room, op);
    }

    /// <summary>Sends the oldest again; when there are more, the next follow once these are ordered.</summary>
    private void Repeat(LocalRoom room)
    {
        room.RepeatedTo = 0;
        foreach (var op in room.Pending.Take(RepeatCount))
        {
            Send(room, op);
            if (room.Pending.Count > RepeatCount) room.RepeatedTo = op.Op;
        }
    }

    private void Send(LocalRoom room, PendingOp op)
    {
        _context.Conversations.Tell(op.Join is null
            ? new ConversationCommands.Exit(room.Key, op.User, Self, op.Op, op.Previous)
            : new ConversationCommands.Enter(room.Key, op.User, Self, op.Op, op.Previous, op.IsFirst));
    }

    /// <summary>Everything up to this op is ordered: who waited is in, and gets its reply before what comes after.</summary>
    private void Applied(LocalRoom room, long applied)
    {
        while (room.Pending.TryPeek(out var op) && op.Op <= applied)
        {
            room.Pending.Dequeue();
            room.AppliedOp = op.Op;
            room.MovedAtMs = _context.NowMs;
            if (op.Join is { } join && !op.IsAbandoned) Activate(room, op.User, join);
        }

        if (room.RepeatedTo > 0 && room.AppliedOp >= room.RepeatedTo) Repeat(room);
        if (room.Pending.Count > 0) return;
        _waiting.Remove(room);
        if (room.IsEmpty) _rooms.Remove(room.Key);
    }

    private void Activate(LocalRoom room, UserId user, RelayCommands.Join join)
    {
        var lane = join.Slot.Lane;
        room.Activate(user.Value, join.Slot);
        room.LaneCounts[lane.Index]++;
        BatchOf(room).Enter(lane.Index, join.Slot, join.Reply.Encode(room.Epoch!, room.Head, room.Members));
        join.Slot.Actor.Tell(new RelayEvents.Joined(room.Key, room.Epoch!, room.Head, room.Members));
    }

    private void FanOut(LocalRoom room, ConversationEnvelope envelope, ConnectionSlot[]? except)
    {
        if (envelope.ReportTo is null && envelope.Platforms is null)
        {
            var acceptedMs = envelope.Kind is EnvelopeKind.Record or EnvelopeKind.Ephemeral ? envelope.TimestampMs : 0;
            BatchOf(room).Push(envelope.Frames, except, acceptedMs);
            return;
        }

        // What is counted for its sender, or goes to some platforms only, travels alone, behind what came before it.
        if (_batches.Remove(room, out var steps)) HandOut(room, steps);
        FanOutAlone(room, envelope, except);
    }

    private void FanOutAlone(LocalRoom room, ConversationEnvelope envelope, ConnectionSlot[]? except)
    {
        var members = room.LaneCounts;
        var lanes = members.Count(count => count > 0);
        if (lanes == 0)
        {
            envelope.ReportTo?.Tell(new RelayEvents.FanoutReport(envelope.MessageId!, _context.Node, 0, 0, 0));
            return;
        }

        var tally = envelope.ReportTo is null ? null : new FanoutTally(envelope.MessageId!, _context.Node, lanes, envelope.ReportTo);
        for (var i = 0; i < members.Length; i++)
        {
            if (members[i] == 0) continue;
            _context.Lanes[i].Post(new FanoutJob(room.Lanes[i], envelope.Frames, members[i], except, envelope.Platforms, tally, Observer(envelope.TimestampMs)), members[i]);
        }
    }

    /// <summary>Gives each lane the steps of its members; entries and pushes keep their order.</summary>
    private void HandOut(LocalRoom room, RoomBatch batch)
    {
        batch.Seal();
        for (var i = 0; i < room.LaneCounts.Length; i++)
        {
            if (room.LaneCounts[i] == 0 && !batch.HasEntries(i)) continue;
            var deliveries = room.LaneCounts[i] * batch.Count;
            _context.Lanes[i].Post(new LaneBatchJob(room.Lanes[i], batch, i, deliveries, Observer(batch.AcceptedMs)), deliveries);
        }
    }

    private RoomBatch BatchOf(LocalRoom room)
    {
        if (_batches.TryGetValue(room, out var batch)) return batch;
        return _batches[room] = new RoomBatch(room.Key.Conversation.Value, _context.Lanes.Count);
    }

    private DeliveryTimeTicket? Observer(long acceptedMs) =>
        ImMetrics.WantsDelivery && acceptedMs > 0 ? new DeliveryTimeTicket(acceptedMs, _context.Time) : null;

    /// <summary>
    /// Who gets none of it: of an enter or exit the user; of a message the sending connection and the sender's level 0
    /// connections, or the whole user where the sender asks for that.
    /// </summary>
    private static ConnectionSlot[]? Excluded(LocalRoom room, ConversationEnvelope envelope)
    {
        if (envelope.User.Length == 0) return null;
        var own = room.SlotsOf(envelope.User);
        if (own.Length == 0) return null;
        if (envelope.Kind is EnvelopeKind.Entered or EnvelopeKind.Exited || envelope.ExcludeUser) return own;
        return envelope.SenderConnection is null
            ? null
            : Array.FindAll(own, slot => slot.Level == ProtocolLevel.Zero || slot.ConnectionId == envelope.SenderConnection);
    }

    private LocalRoom RoomFor(ConversationKey key)
    {
        if (_rooms.TryGetValue(key, out var room)) return room;
        return _rooms[key] = new LocalRoom(key, _context.Lanes.Count);
    }
}
