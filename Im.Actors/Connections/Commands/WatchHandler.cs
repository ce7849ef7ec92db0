using Im.Protocol;
using Im.Protocol.Json;
using Im.Protocol.Names;

namespace Im.Actors.Connections.Commands;

/// <summary><c>watch</c>: the users whose presence this connection wants to know, in place of those before; none ends it. More than 200: 1014.</summary>
internal sealed class WatchHandler : ICommandHandler
{
    public const int MaxUsersCount = 200;

    public string Command => CommandNames.Watch;

    public bool NeedsLogin => true;

    public bool IsLevel2Only => true;

    public void Handle(IConnection connection, ConnectionInput.Command command)
    {
        if (!WatchData.TryRead(command.Data.Span, out var users) || users is null) connection.Fail(command, ReplyCode.BadParameter, "users");
        else if (users.Count > MaxUsersCount) connection.Fail(command, ReplyCode.TooLarge, "users");
        else if (!users.TrueForAll(user => UserId.TryParse(user, out _))) connection.Fail(command, ReplyCode.BadUserId, "users");
        else if (users.Count == 0) End(connection, command);
        else Start(connection, command, [.. users.Distinct()]);
    }

    private static void Start(IConnection connection, ConnectionInput.Command command, string[] users)
    {
        connection.Watches ??= new WatchList(connection.Self, connection.Slot.Attachment!.User.App);
        connection.Suspend(new WatchFlow(command, users));
        connection.Watches.Replace(connection, users);
    }

    private static void End(IConnection connection, ConnectionInput.Command command)
    {
        connection.Watches?.End(connection);
        connection.Watches = null;
        connection.Reply(command, PresenceWriter.Users([]));
    }
}
