using Im.Actors.Relays;
using Im.Protocol;
using Im.Protocol.Json;
using Im.Protocol.Names;

namespace Im.Actors.Connections.Commands;

/// <summary><c>join</c>: enters an open room; answered once the room's owner has ordered it, before anything that comes after it.</summary>
internal sealed class JoinHandler : ICommandHandler
{
    public string Command => CommandNames.Join;

    public bool NeedsLogin => true;

    public bool IsLevel2Only => true;

    public void Handle(IConnection connection, ConnectionInput.Command command)
    {
        if (!RoomData.TryRead(command.Data.Span, out var text) || !ConversationId.TryParse(text, out var room)) connection.Fail(command, ReplyCode.BadParameter, "conv");
        else if (room.Kind != ConversationKind.Room) connection.Fail(command, ReplyCode.Forbidden, "conv");
        else if (connection.Rooms.Count >= connection.Slot.Limits.RoomsMaxCount && !connection.Rooms.Contains(room)) connection.Fail(command, ReplyCode.OperationFailed, "conv");
        else Join(connection, command, room);
    }

    private static void Join(IConnection connection, ConnectionInput.Command command, ConversationId room)
    {
        var key = new ConversationKey(connection.Slot.Attachment!.User.App, room);
        if (!connection.Rooms.Contains(room)) connection.AddRoom(room);
        connection.Suspend(new Flow(command));
        connection.Services.Relays.For(key).Tell(new RelayCommands.Join(key, connection.Slot, new Answer(command, room)), connection.Self);
    }

    /// <summary>The relay repeats the join itself; here only its end is awaited.</summary>
    private sealed class Flow(ConnectionInput.Command command) : CommandFlow
    {
        public override bool OnMessage(IConnection connection, object message)
        {
            if (message is not RelayEvents.Joined) return false;
            connection.Answered(command, ReplyCode.Success);
            connection.Resume();
            return true;
        }
    }

    private sealed class Answer(ConnectionInput.Command command, ConversationId room) : JoinReply
    {
        public override Frame? Encode(string epoch, long head, int members)
        {
            if (command.Seq.Length == 0) return null;
            var buffer = WireBuffer.Create();
            buffer.Raw("{\"conv\":"u8);
            buffer.Text(room.Value);
            buffer.Raw(",\"epoch\":"u8);
            buffer.Text(epoch);
            buffer.Raw(",\"head\":"u8);
            buffer.Number(head);
            buffer.Raw(",\"members\":"u8);
            buffer.Number(members);
            buffer.Raw("}"u8);
            return new Frame(ReplyWriter.Reply(command.Seq, command.Name, ReplyCode.Success, buffer.Written.ToArray()), FrameKind.Reply);
        }
    }
}
