using System.Collections.Frozen;
using Im.Protocol;

namespace Im.Actors.Connections.Commands;

/// <summary>Maps <c>cmd</c> to its handler and refuses what may not be asked now.</summary>
internal sealed class CommandRouter(IEnumerable<ICommandHandler> handlers)
{
    private readonly FrozenDictionary<string, ICommandHandler> _handlers = handlers.ToFrozenDictionary(handler => handler.Command, StringComparer.Ordinal);

    /// <summary>The commands it knows; the only values that metrics may carry as a command.</summary>
    public IEnumerable<string> Commands => _handlers.Keys;

    public bool Knows(string command) => _handlers.ContainsKey(command);

    public void Route(IConnection connection, ConnectionInput.Command command)
    {
        if (!_handlers.TryGetValue(command.Name, out var handler)) connection.Fail(command, ReplyCode.NoSuchCommand);
        else if (handler.IsLevel2Only && connection.Slot.Attachment is { Level: ProtocolLevel.Zero }) connection.Fail(command, ReplyCode.NoSuchCommand);
        else if (handler.NeedsLogin && connection.Slot.Attachment is null) connection.Fail(command, ReplyCode.NotLoggedIn);
        else handler.Handle(connection, command);
    }
}
