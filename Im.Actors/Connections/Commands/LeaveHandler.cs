using Im.Actors.Relays;
using Im.Protocol;
using Im.Protocol.Json;
using Im.Protocol.Names;

namespace Im.Actors.Connections.Commands;

/// <summary><c>leave</c>: the reply comes after the last frame of the room. Of a room that was not joined: 1020.</summary>
internal sealed class LeaveHandler : ICommandHandler
{
    public string Command => CommandNames.Leave;

    public bool NeedsLogin => true;

    public bool IsLevel2Only => true;

    public void Handle(IConnection connection, ConnectionInput.Command command)
    {
        if (!RoomData.TryRead(command.Data.Span, out var text) || !ConversationId.TryParse(text, out var room)) connection.Fail(command, ReplyCode.BadParameter, "conv");
        else if (!connection.Rooms.Contains(room)) connection.Fail(command, ReplyCode.NotAMember, "conv");
        else Leave(connection, command, room);
    }

    private static void Leave(IConnection connection, ConnectionInput.Command command, ConversationId room)
    {
        var key = new ConversationKey(connection.Slot.Attachment!.User.App, room);
        var reply = command.Seq.Length == 0 ? null : new Frame(ReplyWriter.Reply(command.Seq, command.Name, ReplyCode.Success), FrameKind.Reply);
        connection.RemoveRoom(room);
        connection.Services.Relays.For(key).Tell(new RelayCommands.Leave(key, connection.Slot, reply), connection.Self);
        connection.Answered(command, ReplyCode.Success);
    }
}
