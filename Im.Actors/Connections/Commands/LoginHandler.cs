using Im.Protocol;
using Im.Protocol.Json;
using Im.Protocol.Names;

namespace Im.Actors.Connections.Commands;

/// <summary><c>login</c> of both levels: checks in the seed's order, then hands over to <see cref="LoginFlow"/>.</summary>
internal sealed class LoginHandler : ICommandHandler
{
    /// <summary>Cursors of one login; above it 1014.</summary>
    public const int MaxCursorsCount = 500;

    public string Command => CommandNames.Login;

    public bool NeedsLogin => false;

    public bool IsLevel2Only => false;

    public void Handle(IConnection connection, ConnectionInput.Command command)
    {
        var valid = LoginData.TryRead(command.Data.Span, out var login, out var field);
        if (login.Version == 2) HandleLevel2(connection, command, login, valid ? null : field ?? "data");
        else if (login.Version > 2) connection.Fail(command, ReplyCode.VersionUnsupported, "v");
        else HandleLevel0(connection, command, login, valid);
    }

    /// <summary>The seed's order: types, user, app, then whether this connection has logged in before.</summary>
    private static void HandleLevel0(IConnection connection, ConnectionInput.Command command, LoginData login, bool valid)
    {
        if (!valid) connection.Fail(command, ReplyCode.BadParameter);
        else if (!UserId.TryParse(login.UserId, UserId.MaxLevel0Bytes, out var user)) connection.Fail(command, ReplyCode.BadUserId, "userId");
        else if (!connection.Services.Apps.Contains((uint)login.AppId)) connection.Fail(command, ReplyCode.Unauthorized, "appId");
        else if (connection.Slot.Attachment is not null) connection.Fail(command, ReplyCode.OperationFailed);
        else Start(connection, command, new UserKey(new AppId((uint)login.AppId), user), ProtocolLevel.Zero, login);
    }

    private static void HandleLevel2(IConnection connection, ConnectionInput.Command command, LoginData login, string? wrong)
    {
        if (connection.Slot.Attachment is not null) connection.Fail(command, ReplyCode.OperationFailed);
        else if (command.IsBinary) connection.Close(CloseCode.Protocol, "binary frames are not part of level 2");
        else if (wrong is not null) Refuse(connection, command, ReplyCode.BadParameter, wrong);
        else if (!UserId.TryParse(login.UserId, out var user)) Refuse(connection, command, ReplyCode.BadUserId, "userId");
        else if (!connection.Services.Apps.Contains((uint)login.AppId)) Refuse(connection, command, ReplyCode.Unauthorized, "appId");
        else if (!DeviceId.TryParse(login.Device, out _)) Refuse(connection, command, ReplyCode.BadParameter, "device");
        else if (Platform.Find(login.Platform) is null) Refuse(connection, command, ReplyCode.BadParameter, "platform");
        else if (login.Cursors is { Count: > MaxCursorsCount }) Refuse(connection, command, ReplyCode.TooLarge, "cursors");
        else if (login.Cursors is not null && WrongCursor(login.Cursors) is { } cursor) Refuse(connection, command, ReplyCode.BadParameter, cursor);
        else Start(connection, command, new UserKey(new AppId((uint)login.AppId), user), ProtocolLevel.Two, login);
    }

    /// <summary>The connection is still level 0 here, but the client speaks level 2 and is told the member.</summary>
    private static void Refuse(IConnection connection, ConnectionInput.Command command, ReplyCode code, string field)
    {
        connection.Push(new Frame(ReplyWriter.Error(command.Seq, command.Name, code, field), FrameKind.Reply));
        connection.Answered(command, code);
    }

    private static void Start(IConnection connection, ConnectionInput.Command command, UserKey user, ProtocolLevel level, LoginData login)
    {
        var attachment = new Attachment(
            user,
            string.Create(null, $"{connection.Services.Node}-{connection.Slot.Number:x}"),
            level,
            level == ProtocolLevel.Two ? login.Device : null,
            level == ProtocolLevel.Two ? Platform.Find(login.Platform) : null,
            connection.Services.Now);
        var flow = new LoginFlow(command, attachment, login);
        connection.Suspend(flow);
        flow.Repeat(connection);
    }

    private static string? WrongCursor(IReadOnlyDictionary<string, Cursor> cursors) =>
        cursors.Keys.FirstOrDefault(key => !ConversationId.TryParse(key, out _)) is null ? null : "cursors";
}
