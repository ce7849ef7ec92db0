using Akka.Actor;
using Im.Actors.Conversations.Store;
using Im.Actors.Messages;
using Im.Actors.Relays;
using Im.Actors.Sessions;
using Im.Protocol;
using Im.Protocol.Json;
using Im.Protocol.Names;

namespace Im.Actors.Connections.Commands;

/// <summary>
/// A login after its checks: attach to the session, then enter rooms. Level 0 enters the lobby, and its reply goes out
/// with the entry, so that who is answered 200 is in the room. Level 2 enters the rooms of its cursors; their
/// frames are held until the reply has been put in front of them.
/// </summary>
/// <param name="begunAtMs">By the clock of the connection's lane.</param>
internal sealed class LoginFlow(ConnectionInput.Command command, Attachment attachment, LoginData login, long begunAtMs) : CommandFlow
{
    /// <summary>
    /// So long a login of level 2 waits for owners that may be on a node which is lost but not out yet. Then it is refused for a while, since a client that
    /// hears nothing cannot tell that from a connection that is gone. With the two seconds until it is looked at, it is less than the SDKs wait: 10 s.
    /// Level 0 waits on until it is silent for too long: its clients do not come again.
    /// </summary>
    private const long LongestMs = 7_000;

    private readonly Dictionary<string, int> _members = new(StringComparer.Ordinal);   // users per room entered
    private readonly HashSet<ConversationId> _following = [];                          // groups whose relays have not said yes
    private SyncPage? _page;
    private int _joining;
    private HashSet<ConversationId>? _known;   // groups met while the rest of the own conversations is listed
    private int _listed;
    private bool _isListing;
    private bool _isListingAgain;
    private bool _isGivenUp;

    /// <summary>Own conversations whose groups are followed; those of them that do not fit in the reply are listed in pages.</summary>
    private const int MaxFollowedCount = 2_000;

    private const int ListPageCount = 200;

    /// <summary>What a client is told to wait.</summary>
    private const long RetryAfterMs = 1_000;

    /// <summary>A page of the conversations that the reply has no room for.</summary>
    private sealed record Listed(LoginFlow Flow, SyncPage Page) : ILocalMessage;

    private sealed record Read(LoginFlow Flow, SyncPage Page) : ILocalMessage;

    /// <summary>Heads of the groups, read after their relays know the connection.</summary>
    private sealed record HeadsRead(LoginFlow Flow, IReadOnlyList<ChangedHead>? Heads) : ILocalMessage;

    /// <summary>Asks the session until it answers; after that the relays repeat what they wait for.</summary>
    public override void Repeat(IConnection connection)
    {
        if (connection.Slot.Attachment is not null || connection.Slot.IsClosing) return;
        connection.Services.Sessions.Tell(
            new SessionCommands.Attach(attachment.User, attachment.ConnectionId, connection.Self, attachment.Device, attachment.Platform, login.Try),
            connection.Self);
    }

    public override void Overdue(IConnection connection)
    {
        if (_isGivenUp) return;
        if (attachment.Level == ProtocolLevel.Two && !connection.Slot.IsClosing && connection.Slot.Lane.Wheel.NowMs - begunAtMs >= LongestMs) GiveUp(connection);
        else Repeat(connection);
    }

    /// <summary>The session may have taken the attach; nobody else would tell it that the connection is gone.</summary>
    public override void Abandon(IConnection connection)
    {
        if (connection.Slot.Attachment is null) connection.Services.Sessions.Tell(new SessionCommands.Detach(attachment.User, attachment.ConnectionId), connection.Self);
    }

    public override bool OnMessage(IConnection connection, object message)
    {
        switch (message)
        {
            case SessionEvents.Attached: OnAttached(connection); return true;
            case SessionEvents.AttachRefused when _isGivenUp: return true;
            case SessionEvents.AttachRefused refused: OnRefused(connection, refused); return true;
            case RelayEvents.Joined joined: OnJoined(connection, joined); return true;
            case RelayEvents.Followed followed: OnFollowed(connection, followed); return true;
            case Read read when read.Flow == this: OnRead(connection, read.Page); return true;
            case Listed listed when listed.Flow == this: OnListed(connection, listed.Page); return true;
            case HeadsRead heads when heads.Flow == this: OnHeadsRead(connection, heads.Heads); return true;
            default: return false;
        }
    }

    private void OnAttached(IConnection connection)
    {
        if (connection.Slot.Attachment is not null) return;
        if (_isGivenUp)
        {
            Abandon(connection);
            return;
        }

        var services = connection.Services;
        var app = attachment.User.App;
        var rooms = Rooms(connection);
        if (attachment.Level == ProtocolLevel.Two) connection.Slot.Hold();
        connection.Slot.Attach(attachment);
        services.Users.Add(attachment.User, connection.Slot);
        LoginDoor.Admitted(connection);
        services.Relays.For(Topics.AppChannel(app)).Tell(new RelayCommands.Follow(app, connection.Slot), connection.Self);

        if (attachment.Level == ProtocolLevel.Zero)
        {
            Enter(connection, ConversationId.Lobby, new Level0Answer(command));
            return;
        }

        if (rooms.Count == 0) ReadStore(connection);
        foreach (var room in rooms) Enter(connection, room, NoAnswer.Instance);
    }

    private void OnRefused(IConnection connection, SessionEvents.AttachRefused refused)
    {
        if (refused.ByPolicy)
        {
            LoginDoor.Refuse(connection, command, attachment.Level, ReplyCode.RejectedByDevicePolicy, null, CloseCode.TooManySessions);
        }
        else
        {
            connection.Answered(command, ReplyCode.RejectedByDevicePolicy);
            connection.Close(CloseCode.SessionMoved, "a later attempt of this device is connected");
        }

        connection.Resume();
    }

    private void OnJoined(IConnection connection, RelayEvents.Joined joined)
    {
        _members[joined.Conversation.Conversation.Value] = joined.Members;
        if (--_joining > 0) return;
        if (attachment.Level == ProtocolLevel.Two)
        {
            ReadStore(connection);
            return;
        }

        connection.Answered(command, ReplyCode.Success);
        connection.Resume();
    }

    /// <summary>Registered first, read after: what is published from now on is held in the slot (rules.md §3).</summary>
    private void ReadStore(IConnection connection)
    {
        var (allowed, _) = SyncHandler.Sort(connection, Cursors);
        var query = new SyncQuery(attachment.User.App, attachment.User.User.Value, allowed, ListOwn: true);
        SyncReader.ReadAsync(connection.Services.Store, query).PipeTo(connection.Self, connection.Self, page => new Read(this, page), _ => new Read(this, SyncPage.Unavailable));
    }

    private void OnRead(IConnection connection, SyncPage page)
    {
        if (!page.IsAvailable)
        {
            Unavailable(connection);
            return;
        }

        var again = _page is not null;
        _page = page;
        var groups = page.Conversations.Where(conversation => conversation.Outcome == ReadOutcome.Found && new ConversationId(conversation.Conversation).Kind == ConversationKind.Group).ToArray();
        if (again)
        {
            foreach (var left in groups.Where(group => !group.IsPresent)) Unfollow(connection, new ConversationId(left.Conversation));
        }
        else
        {
            foreach (var group in groups.Where(group => group.IsPresent)) Follow(connection, group);
            if (page.More) ListRest(connection, null);
        }

        if (_following.Count == 0 && !_isListing) Finish(connection);
    }

    /// <summary>The reply ends at its 200 conversations; what is published in the groups behind them is pushed all the same.</summary>
    private void ListRest(IConnection connection, string? after)
    {
        _isListing = true;
        _known ??= [.. _following];
        connection.Services.Store.ListAsync(attachment.User.App, attachment.User.User.Value, ListPageCount, after)
            .PipeTo(connection.Self, connection.Self, page => new Listed(this, page), _ => new Listed(this, SyncPage.Unavailable));
    }

    /// <summary>A conversation that moves up meanwhile is in no later page, so the newest pages are read again until one has nothing new.</summary>
    private void OnListed(IConnection connection, SyncPage page)
    {
        if (!page.IsAvailable)
        {
            Unavailable(connection);
            return;
        }

        var isFresh = false;
        foreach (var listed in page.Conversations)
        {
            var conversation = new ConversationId(listed.Conversation);
            if (conversation.Kind != ConversationKind.Group || !_known!.Add(conversation)) continue;
            isFresh = true;
            Follow(connection, listed);
        }

        _listed += page.Conversations.Count;
        if (page.More && (_isListingAgain ? isFresh : _listed < MaxFollowedCount))
        {
            ListRest(connection, page.Conversations[^1].Conversation);
            return;
        }

        if (!_isListingAgain)
        {
            _isListingAgain = true;
            ListRest(connection, null);
            return;
        }

        _isListing = false;
        if (_following.Count == 0) ReadHeads(connection);
    }

    private void OnFollowed(IConnection connection, RelayEvents.Followed followed)
    {
        if (_following.Remove(followed.Conversation.Conversation) && _following.Count == 0 && !_isListing) ReadHeads(connection);
    }

    private void ReadHeads(IConnection connection)
    {
        var groups = _page!.Conversations.Select(conversation => conversation.Conversation).Where(name => name[0] == 'g').ToArray();
        connection.Services.Store.ReadHeadsAsync(attachment.User.App, groups).PipeTo(connection.Self, connection.Self, heads => new HeadsRead(this, heads), _ => new HeadsRead(this, null));
    }

    /// <summary>A group that moved before its relay knew us is read once more.</summary>
    private void OnHeadsRead(IConnection connection, IReadOnlyList<ChangedHead>? heads)
    {
        if (heads is null)
        {
            Unavailable(connection);
            return;
        }

        var read = _page!.Conversations.ToDictionary(conversation => conversation.Conversation, conversation => conversation.Head);
        if (heads.Any(head => read.TryGetValue(head.Conversation.Conversation.Value, out var known) && head.Head > known)) ReadStore(connection);
        else Finish(connection);
    }

    private void Unavailable(IConnection connection) => RefuseAttached(connection, "the store cannot be read now");

    /// <summary>The attachment and the rooms, as far as they came, are taken back when the connection ends.</summary>
    private void GiveUp(IConnection connection)
    {
        if (connection.Slot.Attachment is not null)
        {
            RefuseAttached(connection, "a room's owner does not answer now");
            return;
        }

        // The flow stays until the connection has ended, and then tells the session once more: one message may be lost in a hand-off.
        _isGivenUp = true;
        Abandon(connection);
        LoginDoor.Refuse(connection, command, attachment.Level, ReplyCode.Overloaded, null, CloseCode.Overloaded, RetryAfterMs);
    }

    private void RefuseAttached(IConnection connection, string reason)
    {
        connection.Slot.Release(new Frame(ReplyWriter.Error(command.Seq, command.Name, ReplyCode.Overloaded, null, RetryAfterMs), FrameKind.Reply));
        connection.Answered(command, ReplyCode.Overloaded);
        connection.Close(CloseCode.Overloaded, reason);
        connection.Resume();
    }

    private void Finish(IConnection connection)
    {
        SyncHandler.Note(connection, _page!);
        connection.Slot.Release(new Frame(ReplyWriter.Reply(command.Seq, command.Name, ReplyCode.Success, Data(connection)), FrameKind.Reply));
        connection.Answered(command, ReplyCode.Success);
        connection.Resume();
    }

    private void Follow(IConnection connection, SyncedConversation group)
    {
        var key = new ConversationKey(attachment.User.App, new ConversationId(group.Conversation));
        _following.Add(key.Conversation);
        connection.Services.Relays.For(key).Tell(new RelayCommands.FollowGroup(key, connection.Slot, group.Epoch, group.Head), connection.Self);
    }

    /// <summary>The user was taken out between the first reading and the following.</summary>
    private void Unfollow(IConnection connection, ConversationId group)
    {
        var key = new ConversationKey(attachment.User.App, group);
        connection.Services.Relays.For(key).Tell(new RelayCommands.UnfollowGroup(key, connection.Slot), connection.Self);
    }

    private IEnumerable<KeyValuePair<string, Cursor>> Cursors => login.Cursors ?? (IEnumerable<KeyValuePair<string, Cursor>>)[];

    private void Enter(IConnection connection, ConversationId room, JoinReply reply)
    {
        var key = new ConversationKey(attachment.User.App, room);
        _joining++;
        connection.AddRoom(room);
        connection.Services.Relays.For(key).Tell(new RelayCommands.Join(key, connection.Slot, reply), connection.Self);
    }

    /// <summary>Rooms that a level 2 client's cursors name, as many as a connection may be in.</summary>
    private List<ConversationId> Rooms(IConnection connection) => attachment.Level != ProtocolLevel.Two ? [] :
        [.. (login.Cursors?.Keys ?? []).Select(text => new ConversationId(text)).Where(conversation => conversation.Kind == ConversationKind.Room).Take(connection.Slot.Limits.RoomsMaxCount)];

    private byte[] Data(IConnection connection)
    {
        var limits = connection.Slot.Limits;
        var buffer = WireBuffer.Create();
        buffer.Raw("{\"user\":"u8);
        buffer.Text(attachment.User.User.Value);
        buffer.Raw(",\"session\":"u8);
        buffer.Text(attachment.ConnectionId);
        buffer.Raw(",\"ts\":"u8);
        buffer.Number(connection.Services.NowMs);
        buffer.Raw(",\"hb\":{\"firstMs\":"u8);
        buffer.Number(Random.Shared.Next(limits.HeartbeatIntervalMs));
        buffer.Raw(",\"intervalMs\":"u8);
        buffer.Number(limits.HeartbeatIntervalMs);
        buffer.Raw(",\"timeoutMs\":"u8);
        buffer.Number(limits.HeartbeatTimeoutMs);
        buffer.Raw("},\"limits\":{\"frame\":"u8);
        buffer.Number(limits.MessageMaxBytes);
        buffer.Raw(",\"text\":"u8);
        buffer.Number(limits.TextMaxBytes);
        buffer.Raw("},\"convs\":["u8);
        var conversations = _page!.Conversations;
        for (var i = 0; i < conversations.Count; i++)
        {
            if (i > 0) buffer.Raw(","u8);
            SyncWriter.Write(ref buffer, conversations[i], _members.TryGetValue(conversations[i].Conversation, out var members) ? members : null);
        }

        SyncHandler.WriteRefused(ref buffer, SyncHandler.Sort(connection, Cursors).Refused, conversations.Count > 0);
        buffer.Raw(_page.More ? "],\"more\":true}"u8 : "]}"u8);
        return buffer.Written.ToArray();
    }

    private sealed class Level0Answer(ConnectionInput.Command command) : JoinReply
    {
        public override Frame? Encode(int members) =>
            new(ReplyWriter.Reply(command.Seq, command.Name, ReplyCode.Success), FrameKind.Reply);
    }

    private sealed class NoAnswer : JoinReply
    {
        public static readonly NoAnswer Instance = new();

        public override Frame? Encode(int members) => null;
    }
}
