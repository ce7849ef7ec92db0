using Im.Protocol;
using Im.Protocol.Json;

namespace Im.Actors.Connections.Commands;

/// <summary><c>heartbeat</c>: the data is an object or absent; level 0 checks the type of <c>userId</c> as the seed does.</summary>
internal sealed class HeartbeatHandler : ICommandHandler
{
    public string Command => CommandNames.Heartbeat;

    /// <summary>False, since the seed looks at the data first: 1001 before 1000.</summary>
    public bool NeedsLogin => false;

    public bool IsLevel2Only => false;

    public void Handle(IConnection connection, ConnectionInput.Command command)
    {
        if (!HeartbeatData.IsValid(command.Data.Span)) connection.Fail(command, ReplyCode.BadParameter, "data");
        else if (connection.Slot.Attachment is null) connection.Fail(command, ReplyCode.NotLoggedIn);
        else connection.Reply(command);
    }
}
