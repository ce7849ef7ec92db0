using Im.Protocol.Json;

namespace Im.Actors.Connections.Commands;

/// <summary><c>ping</c>: answers <c>"pong"</c>, logged in or not.</summary>
internal sealed class PingHandler : ICommandHandler
{
    public string Command => CommandNames.Ping;

    public bool NeedsLogin => false;

    public bool IsLevel2Only => false;

    public void Handle(IConnection connection, ConnectionInput.Command command) => connection.Reply(command, "\"pong\""u8);
}
