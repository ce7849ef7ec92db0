namespace Im.Protocol.WebSockets;

/// <summary>
/// An HTTP/1.1 request that passed the syntax checks of <see cref="UpgradeParser"/>. Field values are as sent, without the space
/// around them.
/// </summary>
public sealed record UpgradeRequest
{
    public required string Method { get; init; }

    /// <summary>Decoded by nobody: begins with a slash, without the query.</summary>
    public required string Path { get; init; }

    /// <summary>Of the request target when it had one (RFC 9112 §3.2.2), else of the Host field.</summary>
    public required string Host { get; init; }

    public string? Origin { get; init; }

    /// <summary>Several fields of the name joined by commas, as are the other lists.</summary>
    public string Upgrade { get; init; } = "";

    public string Connection { get; init; } = "";

    public string? Version { get; init; }

    public string? Key { get; init; }

    public string? Protocols { get; init; }

    public string? ForwardedFor { get; init; }

    /// <summary>RFC 6455 §4.2.1: what is wrong with it as an opening handshake; null when nothing is.</summary>
    public UpgradeRefusal? Check()
    {
        if (Method != "GET") return UpgradeRefusal.MethodNotAllowed;
        if (!HttpText.HasElement(Upgrade, "websocket") || !HttpText.HasElement(Connection, "upgrade")) return UpgradeRefusal.NotAnUpgrade;
        if (Version != "13") return UpgradeRefusal.NotAnUpgrade;
        return IsKey(Key) ? null : UpgradeRefusal.Malformed;
    }

    /// <summary>
    /// RFC 6455 §4.2.2 /subprotocol/: the first of the client's that the server speaks, or null. Nothing is read when the server
    /// speaks none.
    /// </summary>
    public string? SelectProtocol(IReadOnlyCollection<string> supported) =>
        supported.Count == 0 || Protocols is null ? null : HttpText.Elements(Protocols).FirstOrDefault(supported.Contains);

    /// <summary>§4.1: 16 bytes in base64, hence 24 characters; the decoder would pass spaces inside, the length does not.</summary>
    private static bool IsKey(string? key)
    {
        Span<byte> bytes = stackalloc byte[18];
        return key is { Length: 24 } && Convert.TryFromBase64String(key, bytes, out var length) && length == 16;
    }
}
