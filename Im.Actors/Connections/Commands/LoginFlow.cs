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
internal sealed class LoginFlow(ConnectionInput.Command command, Attachment attachment, LoginData login) : CommandFlow
{
    private readonly List<RelayEvents.Joined> _joined = [];
    private int _joining;

    /// <summary>Asks the session until it answers; after that the relays repeat what they wait for.</summary>
    public override void Repeat(IConnection connection)
    {
        if (connection.Slot.Attachment is not null || connection.Slot.IsClosing) return;
        connection.Services.Sessions.Tell(
            new SessionCommands.Attach(attachment.User, attachment.ConnectionId, connection.Self, attachment.Device, attachment.Platform, login.Try),
            connection.Self);
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
            case SessionEvents.AttachRefused refused: OnRefused(connection, refused); return true;
            case RelayEvents.Joined joined: OnJoined(connection, joined); return true;
            default: return false;
        }
    }

    private void OnAttached(IConnection connection)
    {
        if (connection.Slot.Attachment is not null) return;
        var services = connection.Services;
        var app = attachment.User.App;
        var rooms = Rooms(connection);
        if (rooms.Count > 0) connection.Slot.Hold();
        connection.Slot.Attach(attachment);
        services.Users.Add(attachment.User, connection.Slot);
        LoginDoor.Admitted(connection);
        services.Relays.For(Topics.AppChannel(app)).Tell(new RelayCommands.Follow(app, connection.Slot), connection.Self);

        if (attachment.Level == ProtocolLevel.Zero)
        {
            Enter(connection, ConversationId.Lobby, new Level0Answer(command));
            return;
        }

        if (rooms.Count == 0)
        {
            Finish(connection);
            return;
        }

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
        _joined.Add(joined);
        if (--_joining > 0) return;
        if (attachment.Level == ProtocolLevel.Two)
        {
            connection.Slot.Release(new Frame(ReplyWriter.Reply(command.Seq, command.Name, ReplyCode.Success, Data(connection)), FrameKind.Reply));
        }

        connection.Answered(command, ReplyCode.Success);
        connection.Resume();
    }

    private void Finish(IConnection connection)
    {
        connection.Reply(command, Data(connection));
        connection.Resume();
    }

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

    /// <summary>Nothing is kept yet: what a cursor has missed cannot be given, and <c>recovered</c> says so.</summary>
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
        for (var i = 0; i < _joined.Count; i++) WriteConversation(ref buffer, _joined[i], i > 0);
        buffer.Raw("]}"u8);
        return buffer.Written.ToArray();
    }

    private void WriteConversation(ref WireBuffer buffer, RelayEvents.Joined joined, bool separate)
    {
        var name = joined.Conversation.Conversation.Value;
        var cursor = login.Cursors!.GetValueOrDefault(name);
        if (separate) buffer.Raw(","u8);
        buffer.Raw("{\"conv\":"u8);
        buffer.Text(name);
        buffer.Raw(",\"epoch\":"u8);
        buffer.Text(joined.Epoch);
        buffer.Raw(",\"first\":"u8);
        buffer.Number(joined.Head + 1);
        buffer.Raw(",\"head\":"u8);
        buffer.Number(joined.Head);
        buffer.Raw(",\"members\":"u8);
        buffer.Number(joined.Members);
        buffer.Raw(cursor.Epoch == joined.Epoch && cursor.Mseq == joined.Head ? ",\"recovered\":true,\"msgs\":[]}"u8 : ",\"recovered\":false,\"msgs\":[]}"u8);
    }

    private sealed class Level0Answer(ConnectionInput.Command command) : JoinReply
    {
        public override Frame? Encode(string epoch, long head, int members) =>
            new(ReplyWriter.Reply(command.Seq, command.Name, ReplyCode.Success), FrameKind.Reply);
    }

    private sealed class NoAnswer : JoinReply
    {
        public static readonly NoAnswer Instance = new();

        public override Frame? Encode(string epoch, long head, int members) => null;
    }
}
