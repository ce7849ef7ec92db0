using Im.Actors.Sessions;
using Im.Actors.Sessions.Revocations;
using Im.Actors.Sessions.Tokens;
using Im.Protocol;
using Im.Protocol.Json;
using Im.Protocol.Names;

namespace Im.Actors.Connections.Commands;

/// <summary>What every login and every newer token passes: limits of the address, the token's checks, revocations; and how one is refused.</summary>
internal static class LoginDoor
{
    /// <summary>Refuses a login whose address tries too often.</summary>
    /// <returns>False when it was refused: 1015, then close 4101.</returns>
    public static bool TryEnter(IConnection connection, ConnectionInput.Command command, ProtocolLevel level, string? user)
    {
        var identity = connection.Services.Identity;
        var waitMs = identity.Gate.Enter(AddressOf(connection));
        if (waitMs == 0 && identity.Tokens is not null) waitMs = identity.Gate.Suspects(AddressOf(connection), user);
        if (waitMs == 0) return true;
        Refuse(connection, command, level, ReplyCode.RateLimited, null, CloseCode.RateExceeded, waitMs);
        return false;
    }

    /// <summary>Checks a token; what follows runs on the connection's thread, at once when no key has to be fetched.</summary>
    /// <param name="then">Answers the command; true when another flow goes on with it.</param>
    public static void Check(IConnection connection, string token, AppId app, Func<IConnection, TokenCheck, bool> then)
    {
        var check = connection.Services.Identity.Tokens!.CheckAsync(token, app);
        if (check.IsCompletedSuccessfully) then(connection, check.Result);
        else TokenCheckFlow.Start(connection, check.AsTask(), then);
    }

    /// <summary>The checked token as this connection keeps it.</summary>
    public static TokenGrant Grant(IConnection connection, TokenCheck check) =>
        TokenGrant.From(check, connection.Services.Now, connection.Slot.Lane.Wheel.NowMs);

    /// <summary>Refuses what the token does not allow: 1011 or 1012 (level 0: 1003) and close 4002, or 4003 for who is blocked, or 4104 when nobody can tell.</summary>
    /// <param name="user">The user as the client claimed it; the address may not try many tokens for it.</param>
    /// <returns>True when the token holds.</returns>
    public static bool TryPass(
        IConnection connection, ConnectionInput.Command command, ProtocolLevel level, TokenCheck check, UserKey user, string? claimed)
    {
        if (check.Verdict == TokenVerdict.Unavailable || connection.Services.Identity.Revocations is { IsCurrent: false })
        {
            connection.Answered(command, ReplyCode.ServerError);
            connection.Close(CloseCode.AuthUnavailable, "tokens cannot be checked now");
            return false;
        }

        if (check.Verdict != TokenVerdict.Valid)
        {
            RefuseToken(connection, command, level, check.Verdict == TokenVerdict.Expired ? ReplyCode.TokenExpired : ReplyCode.TokenInvalid, "serviceToken", claimed);
            return false;
        }

        var verdict = connection.Services.Identity.Revocations?.Check(user, Grant(connection, check)) ?? RevocationVerdict.None;
        if (verdict == RevocationVerdict.None) return true;
        var code = verdict == RevocationVerdict.Blocked ? CloseCode.Revoked : CloseCode.InvalidToken;
        Refuse(connection, command, level, level == ProtocolLevel.Two ? ReplyCode.TokenInvalid : ReplyCode.Unauthorized, "serviceToken", code);
        return false;
    }

    /// <summary>Refuses a token and counts it as a failure of the address and the claimed user.</summary>
    public static void RefuseToken(IConnection connection, ConnectionInput.Command command, ProtocolLevel level, ReplyCode code, string field, string? claimed)
    {
        connection.Services.Identity.Gate.Failed(AddressOf(connection), claimed);
        Refuse(connection, command, level, level == ProtocolLevel.Two ? code : ReplyCode.Unauthorized, field, CloseCode.InvalidToken);
    }

    /// <summary>Replies in the client's own level, which the connection does not know yet, then closes.</summary>
    public static void Refuse(
        IConnection connection, ConnectionInput.Command command, ProtocolLevel level, ReplyCode code, string? field, CloseCode close, long retryAfterMs = 0)
    {
        if (level == ProtocolLevel.Zero) connection.Push(new Frame(ReplyWriter.Reply(command.Seq, command.Name, code), FrameKind.Reply));
        else if (command.Seq.Length > 0) connection.Push(new Frame(ReplyWriter.Error(command.Seq, command.Name, code, field, retryAfterMs), FrameKind.Reply));
        connection.Answered(command, code);
        connection.Close(close, code.Text());
    }

    /// <summary>
    /// The connection is in the tables. A revocation that came since the token was checked did not find it there, so it is looked
    /// up once more.
    /// </summary>
    public static void Admitted(IConnection connection)
    {
        var (services, attachment) = (connection.Services, connection.Slot.Attachment!);
        services.Identity.Gate.Known(AddressOf(connection));
        CloseIfRevoked(connection, attachment);
    }

    /// <summary>Looks the connection's present token up in the revocations.</summary>
    public static void CloseIfRevoked(IConnection connection, Attachment attachment)
    {
        if (attachment.Token is { } grant && connection.Services.Identity.Revocations?.Check(attachment.User, grant) is RevocationVerdict.Revoked or RevocationVerdict.Blocked)
            connection.Close(CloseCode.Revoked, "the token was revoked");
    }

    private static System.Net.IPAddress AddressOf(IConnection connection) => connection.Slot.Transport.RemoteEndPoint.Address;
}
