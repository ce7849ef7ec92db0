using Akka.Actor;
using Im.Actors.Connections;
using Im.Actors.Conversations;
using Im.Actors.Edge;
using Im.Actors.Messages;
using Im.Protocol.Json;
using Im.Protocol.Names;

namespace Im.Actors.Relays;

/// <summary>
/// A relay's knowledge of the other relays' members, so that a room hears of the exits of a lost node's users once, also when the
/// room's owner was lost with them. Used by its relay alone.
/// </summary>
/// <remarks>Exits are handed out <see cref="ExitsCount"/> at a time: more at once would overflow what waits for one reader.</remarks>
internal sealed class LostRelays(RelayContext context, IActorContext actor, IActorRef self, Action<LocalRoom, ConversationEnvelope> handOut)
{
    public const int ExitsCount = 250;

    private readonly Dictionary<LocalRoom, ForeignMembers> _rooms = [];
    private readonly Dictionary<LocalRoom, Queue<(string User, int Members)>> _exits = [];

    /// <summary>The room has its first member here: the other nodes are asked whom they have.</summary>
    public void Opened(LocalRoom room)
    {
        if (room.Key.Conversation.Kind != ConversationKind.Room || context.Peers.Others.Count == 0) return;
        var foreign = _rooms[room] = new ForeignMembers();
        foreign.Await(context.Peers.Others);
        Ask(room, foreign);
    }

    public void Closed(LocalRoom room)
    {
        _rooms.Remove(room);
        _exits.Remove(room);
    }

    /// <summary>An enter or exit was ordered; of another node's user it is noted.</summary>
    public void Moved(LocalRoom room, ConversationEnvelope envelope)
    {
        if (envelope.Relay is not { } relay || !relay.Path.Address.HasGlobalScope) return;
        if (!_rooms.TryGetValue(room, out var foreign)) _rooms[room] = foreign = new ForeignMembers();
        if (envelope.Kind == EnvelopeKind.Entered) foreign.Entered(relay, envelope.Op, envelope.User);
        else foreign.Exited(relay, envelope.Op, envelope.User);
    }

    public void Listed(LocalRoom room, NodeAnswers.Members members)
    {
        if (_rooms.TryGetValue(room, out var foreign)) foreign.Listed(members.Relay, members.Op, members.Names, members.IsLast);
    }

    /// <summary>A node is gone: the owners of the rooms that knew users of it are told, wherever they are now.</summary>
    public void Gone(Address node)
    {
        foreach (var (room, foreign) in _rooms)
        {
            foreign.Gone(node);
            if (foreign.Lost.Count > 0) Report(room, foreign.Lost);
        }
    }

    /// <summary>The owner has put the loss at its place in the order.</summary>
    public void HandOut(LocalRoom room, ConversationEnvelope envelope)
    {
        if (envelope.Relay is null || !_rooms.TryGetValue(room, out var foreign)) return;
        var names = foreign.Take(envelope.Relay);
        if (names.Count == 0) return;
        var exits = _exits.TryGetValue(room, out var waiting) ? waiting : _exits[room] = new Queue<(string, int)>();
        var members = envelope.Members + names.Count;
        foreach (var name in names) exits.Enqueue((name, --members));
        HandOutSome(room, exits);
    }

    /// <summary>Goes on with what was not handed out, answered or ordered; called about once a second.</summary>
    public void Sweep()
    {
        foreach (var (room, exits) in _exits.ToArray()) HandOutSome(room, exits);
        foreach (var (room, foreign) in _rooms)
        {
            if (foreign.Awaited.Count > 0) Ask(room, foreign);
            if (foreign.Lost.Count > 0) Report(room, foreign.Lost);
        }
    }

    private void HandOutSome(LocalRoom room, Queue<(string User, int Members)> exits)
    {
        for (var i = 0; i < ExitsCount && exits.TryDequeue(out var exit); i++) handOut(room, Envelope(room, exit.User, exit.Members));
        if (exits.Count == 0) _exits.Remove(room);
    }

    private void Ask(LocalRoom room, ForeignMembers foreign)
    {
        foreach (var node in foreign.Awaited.Where(context.Peers.Others.Contains))
            actor.ActorSelection(new RootActorPath(node) / "user" / NodeActor.Name).Tell(new NodeQueries.GetMembers(room.Key), self);
    }

    private void Report(LocalRoom room, IReadOnlyList<IActorRef> lost) =>
        context.Conversations.Tell(new ConversationCommands.Report(room.Key, self, room.OrderedUsersCount, room.AppliedOp) { Gone = [.. lost] });

    /// <summary>As the owner announces an exit: level 2 sees them one by one in a small room only.</summary>
    private ConversationEnvelope Envelope(LocalRoom room, string user, int members)
    {
        var conversation = room.Key.Conversation.Value;
        var now = context.Time.GetUtcNow();
        var content = new PushContent(Ulid.New(now), CommandNames.Exit, "text", PushWriter.ExitText, user, conversation, null, 0, null, null, now.ToUnixTimeMilliseconds());
        var frames = new PushFrames(
            new Frame(PushWriter.Level0(content), FrameKind.Record, conversation),
            members > context.CountThreshold ? null : new Frame(PushWriter.Level2(content), FrameKind.Ephemeral));
        return new ConversationEnvelope(room.Key, EnvelopeKind.Exited, room.Epoch ?? "", 0, -1, user, members, frames, 0);
    }
}
