using Im.Actors.Sessions;
using Im.Actors.Sessions.Tokens;
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

    /// <summary>The seed's order: types, user, app, then whether this connection has logged in before; then the token, where one is asked for.</summary>
    private static void HandleLevel0(IConnection connection, ConnectionInput.Command command, LoginData login, bool valid)
    {
        if (!valid) connection.Fail(command, ReplyCode.BadParameter);
        else if (!UserId.TryParse(login.UserId, UserId.MaxLevel0Bytes, out var user)) connection.Fail(command, ReplyCode.BadUserId, "userId");
        else if (!connection.Services.Apps.Contains((uint)login.AppId)) connection.Fail(command, ReplyCode.Unauthorized, "appId");
        else if (connection.Slot.Attachment is not null) connection.Fail(command, ReplyCode.OperationFailed);
        else if (!LoginDoor.TryEnter(connection, command, ProtocolLevel.Zero, login.UserId)) return;
        else if (connection.Services.Identity.Tokens is not null) CheckToken(connection, command, ProtocolLevel.Zero, login);
        else Start(connection, command, new UserKey(new AppId((uint)login.AppId), user), ProtocolLevel.Zero, login, null);
    }

    private static void HandleLevel2(IConnection connection, ConnectionInput.Command command, LoginData login, string? wrong)
    {
        var isGuest = connection.Services.Identity.Tokens is null;
        var user = default(UserId);
        if (connection.Slot.Attachment is not null) connection.Fail(command, ReplyCode.OperationFailed);
        else if (command.IsBinary) connection.Close(CloseCode.Protocol, "binary frames are not part of level 2");
        else if (wrong is not null) Refuse(connection, command, ReplyCode.BadParameter, wrong);
        else if (isGuest && !UserId.TryParse(login.UserId, out user)) Refuse(connection, command, ReplyCode.BadUserId, "userId");
        else if (!connection.Services.Apps.Contains((uint)login.AppId)) Refuse(connection, command, ReplyCode.Unauthorized, "appId");
        else if (!DeviceId.TryParse(login.Device, out _)) Refuse(connection, command, ReplyCode.BadParameter, "device");
        else if (Platform.Find(login.Platform) is null) Refuse(connection, command, ReplyCode.BadParameter, "platform");
        else if (login.Cursors is { Count: > MaxCursorsCount }) Refuse(connection, command, ReplyCode.TooLarge, "cursors");
        else if (login.Cursors is not null && WrongCursor(login.Cursors) is { } cursor) Refuse(connection, command, ReplyCode.BadParameter, cursor);
        else if (!LoginDoor.TryEnter(connection, command, ProtocolLevel.Two, Claimed(login))) return;
        else if (!isGuest) CheckToken(connection, command, ProtocolLevel.Two, login);
        else Start(connection, command, new UserKey(new AppId((uint)login.AppId), user), ProtocolLevel.Two, login, null);
    }

    /// <summary>The user comes from the token; a <c>userId</c> beside it must be the same.</summary>
    private static void CheckToken(IConnection connection, ConnectionInput.Command command, ProtocolLevel level, LoginData login)
    {
        var app = new AppId((uint)login.AppId);
        if (string.IsNullOrEmpty(login.ServiceToken)) LoginDoor.RefuseToken(connection, command, level, ReplyCode.TokenInvalid, "serviceToken", Claimed(login));
        else LoginDoor.Check(connection, login.ServiceToken, app, (at, check) => Checked(at, command, level, login, check));
    }

    private static bool Checked(IConnection connection, ConnectionInput.Command command, ProtocolLevel level, LoginData login, TokenCheck check)
    {
        var user = new UserKey(new AppId((uint)login.AppId), check.User);
        if (!LoginDoor.TryPass(connection, command, level, check, user, Claimed(login))) return false;
        if (!string.IsNullOrEmpty(login.UserId) && login.UserId != user.User.Value)
        {
            LoginDoor.RefuseToken(connection, command, level, ReplyCode.TokenInvalid, "userId", Claimed(login));
            return false;
        }

        Start(connection, command, user, level, login, LoginDoor.Grant(connection, check));
        return true;
    }

    /// <summary>Who somebody says to be: what is refused is counted for that user.</summary>
    private static string? Claimed(LoginData login) => string.IsNullOrEmpty(login.UserId) ? TokenData.ClaimedSubject(login.ServiceToken) : login.UserId;

    /// <summary>The connection is still level 0 here, but the client speaks level 2 and is told the member.</summary>
    private static void Refuse(IConnection connection, ConnectionInput.Command command, ReplyCode code, string field)
    {
        connection.Push(new Frame(ReplyWriter.Error(command.Seq, command.Name, code, field), FrameKind.Reply));
        connection.Answered(command, code);
    }

    private static void Start(IConnection connection, ConnectionInput.Command command, UserKey user, ProtocolLevel level, LoginData login, TokenGrant? token)
    {
        var attachment = new Attachment(
            user,
            string.Create(null, $"{connection.Services.Node}-{connection.Slot.Number:x}"),
            level,
            level == ProtocolLevel.Two ? login.Device : null,
            level == ProtocolLevel.Two ? Platform.Find(login.Platform) : null,
            connection.Services.Now) { Token = token, Try = login.Try };
        connection.Slot.Admit();
        var flow = new LoginFlow(command, attachment, login, connection.Slot.Lane.Wheel.NowMs);
        connection.Suspend(flow);
        flow.Repeat(connection);
    }

    private static string? WrongCursor(IReadOnlyDictionary<string, Cursor> cursors) =>
        cursors.Keys.FirstOrDefault(key => !ConversationId.TryParse(key, out _)) is null ? null : "cursors";
}
