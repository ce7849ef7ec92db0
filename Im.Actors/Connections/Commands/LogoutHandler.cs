using Im.Protocol;
using Im.Protocol.Json;

namespace Im.Actors.Connections.Commands;

/// <summary><c>logout</c>: the reply, then close 1000.</summary>
internal sealed class LogoutHandler : ICommandHandler
{
    public string Command => CommandNames.Logout;

    public bool NeedsLogin => true;

    public bool IsLevel2Only => true;

    public void Handle(IConnection connection, ConnectionInput.Command command)
    {
        connection.Reply(command);
        connection.Close(CloseCode.Normal, "logout");
    }
}
