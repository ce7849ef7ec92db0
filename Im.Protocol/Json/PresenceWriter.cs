namespace Im.Protocol.Json;

/// <summary>Whether a user is there, as a watcher is told.</summary>
/// <param name="IsOnline">Null: the node that would know did not answer.</param>
/// <param name="Platforms">Of the user's devices, ordered; level 0 clients name none.</param>
/// <param name="LastSeenMs">Unix milliseconds of the last connection's end; 0 when unknown or online.</param>
public sealed record UserState(string User, bool? IsOnline, IReadOnlyList<string> Platforms, long LastSeenMs);

/// <summary>Writes what tells of presence and of a token's end.</summary>
public static class PresenceWriter
{
    /// <summary>Push <c>presence {user,state,platforms,lastSeen}</c>.</summary>
    public static byte[] Presence(string seq, UserState state)
    {
        var buffer = ReplyWriter.Begin(seq, CommandNames.Presence, ReplyCode.Success, "Ok");
        Write(ref buffer, state);
        buffer.Raw("}}"u8);
        return buffer.ToTextFrame();
    }

    /// <summary>The data of the reply to <c>watch</c>: <c>{"users":[…]}</c>.</summary>
    public static byte[] Users(IEnumerable<UserState> states)
    {
        var buffer = WireBuffer.Create();
        buffer.Raw("{\"users\":["u8);
        var more = false;
        foreach (var state in states)
        {
            if (more) buffer.Raw(","u8);
            more = true;
            Write(ref buffer, state);
        }

        buffer.Raw("]}"u8);
        return buffer.Written.ToArray();
    }

    /// <summary>Push <c>token_expiring {expiresMs}</c>.</summary>
    /// <param name="expiresMs">Unix milliseconds.</param>
    public static byte[] TokenExpiring(string seq, long expiresMs)
    {
        var buffer = ReplyWriter.Begin(seq, CommandNames.TokenExpiring, ReplyCode.Success, "Ok");
        Expires(ref buffer, expiresMs);
        buffer.Raw("}}"u8);
        return buffer.ToTextFrame();
    }

    /// <summary>The data of the reply to <c>token</c>: <c>{"expiresMs"}</c>.</summary>
    public static byte[] Expires(long expiresMs)
    {
        var buffer = WireBuffer.Create();
        Expires(ref buffer, expiresMs);
        return buffer.Written.ToArray();
    }

    private static void Expires(ref WireBuffer buffer, long expiresMs)
    {
        buffer.Raw("{\"expiresMs\":"u8);
        buffer.Number(expiresMs);
        buffer.Raw("}"u8);
    }

    private static void Write(ref WireBuffer buffer, UserState state)
    {
        buffer.Raw("{\"user\":"u8);
        buffer.Text(state.User);
        buffer.Raw(state.IsOnline switch
        {
            true => ",\"state\":\"online\",\"platforms\":["u8,
            false => ",\"state\":\"offline\",\"platforms\":["u8,
            null => ",\"state\":\"unknown\",\"platforms\":["u8,
        });
        for (var i = 0; i < state.Platforms.Count; i++)
        {
            if (i > 0) buffer.Raw(","u8);
            buffer.Text(state.Platforms[i]);
        }

        buffer.Raw("]"u8);
        if (state.LastSeenMs > 0)
        {
            buffer.Raw(",\"lastSeen\":"u8);
            buffer.Number(state.LastSeenMs);
        }

        buffer.Raw("}"u8);
    }
}
