using Im.Actors.Sessions;
using Im.Protocol;
using Im.Protocol.Json;
using Im.Protocol.Names;

namespace Im.Actors.Connections.Commands;

/// <summary>
/// <c>token</c>: a newer token for the same user and app takes the place of the connection's; any other is refused as at login. When
/// tokens cannot be checked now (1016) the present one goes on. Without tokens, in guest mode: 1009.
/// </summary>
internal sealed class TokenHandler : ICommandHandler
{
    public string Command => CommandNames.Token;

    public bool NeedsLogin => true;

    public bool IsLevel2Only => true;

    public void Handle(IConnection connection, ConnectionInput.Command command)
    {
        var user = connection.Slot.Attachment!.User;
        if (!TokenData.TryRead(command.Data.Span, out var token)) connection.Fail(command, ReplyCode.BadParameter, "serviceToken");
        else if (connection.Services.Identity.Tokens is null) connection.Fail(command, ReplyCode.OperationFailed);
        else if (string.IsNullOrEmpty(token)) connection.Fail(command, ReplyCode.BadParameter, "serviceToken");
        else if (!LoginDoor.TryEnter(connection, command, ProtocolLevel.Two, user.User.Value)) return;
        else LoginDoor.Check(connection, token, user.App, (at, check) => Checked(at, command, user, check));
    }

    private static bool Checked(IConnection connection, ConnectionInput.Command command, UserKey user, TokenCheck check)
    {
        if (check.Verdict == TokenVerdict.Unavailable || connection.Services.Identity.Revocations is { IsCurrent: false })
        {
            connection.Fail(command, ReplyCode.Overloaded, retryAfterMs: 1000);
            return false;
        }

        if (!LoginDoor.TryPass(connection, command, ProtocolLevel.Two, check, user, user.User.Value)) return false;
        if (check.User != user.User)
        {
            LoginDoor.RefuseToken(connection, command, ProtocolLevel.Two, ReplyCode.TokenInvalid, "serviceToken", user.User.Value);
            return false;
        }

        connection.Slot.Renew(LoginDoor.Grant(connection, check));
        LoginDoor.CloseIfRevoked(connection, connection.Slot.Attachment!);
        connection.Reply(command, PresenceWriter.Expires(check.EndsAtMs));
        return false;
    }
}
