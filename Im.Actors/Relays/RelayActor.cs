using Akka.Actor;
using Akka.Cluster.Tools.PublishSubscribe;
using Akka.Event;
using Im.Actors.Connections;
using Im.Actors.Conversations;
using Im.Actors.Edge;
using Im.Actors.Nodes;
using Im.Protocol;
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

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly RelayContext _context;
    private readonly int[] _partitions;
    private readonly Dictionary<ConversationKey, LocalRoom> _rooms = [];
    private readonly RelayFanout _fanout;
    private readonly RelayRecords _records;
    private readonly LostRelays _lost;
    private readonly PendingMoves _moves;
    private readonly TopicCrossings _crossings = new();
    private int _subscribed;

    public RelayActor(RelayContext context, int index)
    {
        _context = context;
        _fanout = new RelayFanout(context);
        _records = new RelayRecords(context, Self, HandOutRecord);
        _moves = new PendingMoves(context, Self);
        _lost = new LostRelays(context, Context, Self, _fanout.Push);
        _partitions = [.. Enumerable.Range(0, Topics.Count).Where(partition => partition % context.RelaysCount == index)];
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        foreach (var partition in _partitions) _context.Mediator.Tell(new Subscribe(Topics.Name(partition), Self));
        Timers.StartPeriodicTimer(nameof(Sweep), Sweep.Instance, PendingMoves.RepeatAfter);
    }

    /// <summary>
    /// A relay is never restarted, since a fresh one would know nobody of this node: what a message breaks is the connection that it is about, which is
    /// closed and comes back, or one conversation's record, which is found missing and read from the store.
    /// </summary>
    protected override void OnReceive(object message)
    {
        try
        {
            Handle(message);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            OnFailed(message, e);
        }
    }

    private void Handle(object message)
    {
        switch (message)
        {
            case TopicBatch batch: OnBatch(batch); break;
            case RelayCommands.Join join: OnJoin(join); break;
            case RelayCommands.Leave leave: OnLeave(leave); break;
            case RelayCommands.Follow follow: OnFollow(follow); break;
            case RelayCommands.Unfollow unfollow: OnUnfollow(unfollow); break;
            case RelayCommands.FollowGroup follow: OnFollowGroup(follow); break;
            case RelayCommands.UnfollowGroup unfollow: OnUnfollowGroup(unfollow); break;
            case RelayCommands.Head head: OnHead(head); break;
            case RelayRecords.Fetched fetched: OnFetched(fetched); break;
            case RelayCommands.GetNames names: OnGetNames(names); break;
            case RelayCommands.GetMembers members: OnGetMembers(members); break;
            case NodeAnswers.Members members: OnMembers(members); break;
            case PeerGone gone: _lost.Gone(gone.Node); break;
            case ClusterChanged: break;
            case Sweep: OnSweep(); break;
            case SubscribeAck: OnSubscribed(); break;
            default: Unhandled(message); break;
        }
    }

    private void OnBatch(TopicBatch batch)
    {
        _crossings.Count(Sender, batch);
        foreach (var envelope in batch.Envelopes)
        {
            try
            {
                if (_rooms.TryGetValue(envelope.Conversation, out var room) || (envelope.Added.Count > 0 && IsForLocalUser(envelope, out room))) Handle(room, envelope);
                else if (envelope.Kind == EnvelopeKind.OwnerStarted) SayNobody(envelope.Conversation);
                else if (envelope.ReportTo is not null) envelope.ReportTo.Tell(new RelayEvents.FanoutReport(envelope.MessageId!, _context.Node, 0, 0, 0));
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                OnFailed(envelope, e);
            }
        }

        _fanout.Flush();
    }

    private void Handle(LocalRoom room, ConversationEnvelope envelope)
    {
        switch (envelope.Kind)
        {
            case EnvelopeKind.AppBroadcast: _fanout.Push(room, envelope); break;
            case EnvelopeKind.OwnerStarted: OnOwnerStarted(room, envelope); break;
            case EnvelopeKind.Applied: OnApplied(room, envelope); break;
            case EnvelopeKind.RelayGone: OnRelayGone(room, envelope); break;
            case EnvelopeKind.Record: _records.OnRecord(room, envelope); break;
            default: OnOrdered(room, envelope); break;
        }
    }

    /// <summary>Anything else has its place in the owner's order, by which one that comes again is known.</summary>
    private void OnOrdered(LocalRoom room, ConversationEnvelope envelope)
    {
        if (room.Incarnation == envelope.Incarnation && envelope.Order <= room.LastOrder) return;
        room.Incarnation = envelope.Incarnation;
        room.LastOrder = envelope.Order;
        room.Members = envelope.Members;
        _fanout.Push(room, envelope);
        if (Self.Equals(envelope.Relay)) Applied(room, envelope);
        else if (envelope.Kind is EnvelopeKind.Entered or EnvelopeKind.Exited) _lost.Moved(room, envelope);
        _records.OnHead(room, envelope.Epoch, envelope.Mseq);
    }

    /// <summary>A record at its place: who it brings in gets it, who it takes out gets none after.</summary>
    private void HandOutRecord(LocalRoom room, ConversationEnvelope envelope)
    {
        foreach (var user in envelope.Added)
        {
            foreach (var slot in _context.Users.Find(new UserKey(room.Key.App, new UserId(user))))
            {
                if (slot.Level == ProtocolLevel.Two) Follow(room, user, slot);
            }
        }

        _fanout.Push(room, envelope);
        if (envelope.Removed.Count == 0) return;
        _fanout.Flush(room);
        foreach (var user in envelope.Removed)
        {
            foreach (var slot in room.SlotsOf(user))
            {
                Unfollow(room, user, slot);
                slot.Actor.Tell(new RelayEvents.Unfollowed(room.Key));
            }
        }

        if (room.IsEmpty) Remove(room);
    }

    /// <summary>The publish of an enter or exit was lost; this one comes behind everything that was published before it.</summary>
    private void OnApplied(LocalRoom room, ConversationEnvelope envelope)
    {
        if (!Self.Equals(envelope.Relay)) return;
        room.Incarnation ??= envelope.Incarnation;
        room.Members = envelope.Members;
        Applied(room, envelope);
    }

    /// <summary>A new owner counts afresh, and asks until everybody has answered; what it has not ordered is repeated at once.</summary>
    private void OnOwnerStarted(LocalRoom room, ConversationEnvelope envelope)
    {
        if (room.AppliedOp > 0 || !_context.Peers.IsAlone)
        {
            _context.Conversations.Tell(new ConversationCommands.Report(room.Key, Self, room.OrderedUsersCount, room.AppliedOp));
        }

        if (room.Incarnation == envelope.Incarnation || room.RepeatedFor == envelope.Incarnation) return;
        room.RepeatedFor = envelope.Incarnation;
        _moves.Repeat(room);
    }

    /// <summary>The owner may take the loss up once more than it has to be: the second time nobody is known any more.</summary>
    private void OnRelayGone(LocalRoom room, ConversationEnvelope envelope)
    {
        if (room.Incarnation != envelope.Incarnation) room.LastOrder = 0;
        room.Incarnation = envelope.Incarnation;
        room.LastOrder = Math.Max(room.LastOrder, envelope.Order);
        room.Members = envelope.Members;
        _lost.HandOut(room, envelope);
    }

    /// <summary>An owner that has just started waits for every node, also for those who have nobody.</summary>
    private void SayNobody(ConversationKey conversation)
    {
        if (conversation.Conversation.Kind != ConversationKind.Room || _context.Peers.IsAlone) return;
        _context.Conversations.Tell(new ConversationCommands.Report(conversation, Self, 0, 0));
    }

    private void OnJoin(RelayCommands.Join join)
    {
        var room = RoomFor(join.Conversation);
        var user = join.Slot.Attachment!.User.User;
        if (room.IsActive(user.Value, join.Slot))
        {
            if (join.Reply.Encode(room.Members) is { } reply) join.Slot.Offer(reply);
            join.Slot.Actor.Tell(new RelayEvents.Joined(room.Key, room.Members));
            return;
        }

        _moves.Enqueue(room, user, room.Claim(user.Value), join);
    }

    private void OnLeave(RelayCommands.Leave leave)
    {
        var user = leave.Slot.Attachment!.User.User;
        if (!_rooms.TryGetValue(leave.Conversation, out var room) || !TakeOut(room, user.Value, leave))
        {
            if (leave.Reply is not null) leave.Slot.Offer(leave.Reply);
            return;
        }

        if (room.Unclaim(user.Value)) _moves.Enqueue(room, user, false, null);
    }

    /// <summary>Removes the connection, whether it is in or still waits.</summary>
    private static bool TakeOut(LocalRoom room, string user, RelayCommands.Leave leave)
    {
        if (room.Deactivate(user, leave.Slot))
        {
            RelayFanout.Leave(room, leave.Slot, leave.Reply);
            return true;
        }

        if (!PendingMoves.Abandon(room, leave.Slot)) return false;
        if (leave.Reply is not null) leave.Slot.Offer(leave.Reply);
        return true;
    }

    private void OnFollow(RelayCommands.Follow follow)
    {
        var room = RoomFor(Topics.AppChannel(follow.App));
        room.LaneCounts[follow.Slot.Lane.Index]++;
        follow.Slot.Lane.Post(new AddMemberJob(room.Lanes[follow.Slot.Lane.Index], follow.Slot, null));
    }

    private void OnUnfollow(RelayCommands.Unfollow unfollow) => RelayFanout.Leave(RoomFor(Topics.AppChannel(unfollow.App)), unfollow.Slot, null);

    private void OnFollowGroup(RelayCommands.FollowGroup follow)
    {
        var room = RoomFor(follow.Conversation);
        var user = follow.Slot.Attachment!.User.User.Value;
        if (!room.IsActive(user, follow.Slot)) _records.OnMember(room, follow.Slot, follow.Epoch, follow.Mseq);
        Follow(room, user, follow.Slot);
        _fanout.Flush();
    }

    private void OnUnfollowGroup(RelayCommands.UnfollowGroup unfollow)
    {
        if (!_rooms.TryGetValue(unfollow.Conversation, out var room)) return;
        Unfollow(room, unfollow.Slot.Attachment!.User.User.Value, unfollow.Slot);
        if (room.IsEmpty) Remove(room);
    }

    private void OnHead(RelayCommands.Head head)
    {
        if (_rooms.TryGetValue(head.Conversation, out var room)) _records.OnHead(room, head.Epoch, head.Mseq);
        _fanout.Flush();
    }

    private void OnFetched(RelayRecords.Fetched fetched)
    {
        if (_rooms.TryGetValue(fetched.Conversation, out var room)) _records.OnFetched(room, fetched.Page);
        _fanout.Flush();
    }

    private void OnGetNames(RelayCommands.GetNames names) =>
        Sender.Tell(new RelayEvents.Names(_rooms.TryGetValue(names.Conversation, out var room) ? [.. room.ActiveUsers] : []));

    /// <summary>Another node's relay asks whom this one has, as of the last op that was ordered.</summary>
    private void OnGetMembers(RelayCommands.GetMembers query)
    {
        _rooms.TryGetValue(query.Conversation, out var room);
        var names = room?.UsersCount > ForeignMembers.MaxNamesCount ? room.OrderedUsers.Take(ForeignMembers.MaxNamesCount + 1) : room?.OrderedUsers ?? [];
        var parts = names.Chunk(NodeActor.NamesPageCount).DefaultIfEmpty([]).ToArray();
        for (var i = 0; i < parts.Length; i++)
        {
            query.ReplyTo.Tell(new NodeAnswers.Members(query.Conversation, Self, room?.AppliedOp ?? 0, parts[i], i == parts.Length - 1), Self);
        }
    }

    private void OnMembers(NodeAnswers.Members members)
    {
        if (_rooms.TryGetValue(members.Conversation, out var room)) _lost.Listed(room, members);
    }

    private void OnSweep()
    {
        var now = _context.NowMs;
        _moves.Sweep(now);
        _records.Sweep(now);
        _lost.Sweep();
        _fanout.Flush();
    }

    private void OnFailed(object message, Exception error)
    {
        _log.Error(error, "A relay could not handle {Message}", message.GetType().Name);
        if (message is RelayCommands.IOfConnection { Slot: var slot }) slot.Close(CloseCode.InternalError, "internal error");
    }

    private void OnSubscribed()
    {
        if (++_subscribed == _partitions.Length) _context.RelaySubscribed();
    }

    /// <summary>Everything up to this op is ordered: who waited is in, and gets its reply before what comes after.</summary>
    private void Applied(LocalRoom room, ConversationEnvelope envelope)
    {
        while (_moves.TakeOrdered(room, envelope.Op) is { } op)
        {
            if (op.Join is not { } join || op.IsAbandoned) continue;
            _records.OnMember(room, join.Slot, envelope.Epoch, envelope.Mseq);
            Activate(room, op.User, join);
        }

        _moves.GoOn(room);
        if (room.IsEmpty) Remove(room);
    }

    private void Remove(LocalRoom room)
    {
        _rooms.Remove(room.Key);
        _records.Forget(room);
        _lost.Closed(room);
    }

    private void Follow(LocalRoom room, string user, ConnectionSlot slot)
    {
        if (!room.IsActive(user, slot))
        {
            room.Claim(user);
            room.Activate(user, slot);
            _fanout.Enter(room, slot, null);
        }

        slot.Actor.Tell(new RelayEvents.Followed(room.Key));
    }

    private static void Unfollow(LocalRoom room, string user, ConnectionSlot slot)
    {
        if (!room.Deactivate(user, slot)) return;
        room.Unclaim(user);
        RelayFanout.Leave(room, slot, null);
    }

    /// <summary>A group that had no local member gets one by this record.</summary>
    private bool IsForLocalUser(ConversationEnvelope envelope, out LocalRoom room)
    {
        room = null!;
        if (!envelope.Added.Any(user => _context.Users.Find(new UserKey(envelope.Conversation.App, new UserId(user))).Length > 0)) return false;
        room = RoomFor(envelope.Conversation);
        return true;
    }

    private void Activate(LocalRoom room, UserId user, RelayCommands.Join join)
    {
        room.Activate(user.Value, join.Slot);
        _fanout.Enter(room, join.Slot, join.Reply.Encode(room.Members));
        join.Slot.Actor.Tell(new RelayEvents.Joined(room.Key, room.Members));
    }

    private LocalRoom RoomFor(ConversationKey key)
    {
        if (_rooms.TryGetValue(key, out var room)) return room;
        _rooms[key] = room = new LocalRoom(key, _context.Lanes.Count);
        _lost.Opened(room);
        return room;
    }
}
