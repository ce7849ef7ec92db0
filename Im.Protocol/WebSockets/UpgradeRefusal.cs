using System.Text;

namespace Im.Protocol.WebSockets;

/// <summary>An answer to a request that does not become a WebSocket. The socket is closed after it.</summary>
public sealed class UpgradeRefusal
{
    public static readonly UpgradeRefusal Malformed = new(400, "Bad Request");

    /// <summary>RFC 6455 §4.4: not an upgrade, or one of another version; the header names ours.</summary>
    public static readonly UpgradeRefusal NotAnUpgrade = new(400, "Bad Request", "Sec-WebSocket-Version: 13\r\n");
    public static readonly UpgradeRefusal OriginRefused = new(403, "Forbidden");
    public static readonly UpgradeRefusal NotFound = new(404, "Not Found", body: "404 page not found\n");
    public static readonly UpgradeRefusal MethodNotAllowed = new(405, "Method Not Allowed", "Allow: GET\r\n");
    public static readonly UpgradeRefusal TooSlow = new(408, "Request Timeout");
    public static readonly UpgradeRefusal HeadersTooLarge = new(431, "Request Header Fields Too Large");

    /// <summary>The node is full or drains.</summary>
    public static readonly UpgradeRefusal Unavailable = new(503, "Service Unavailable", "Retry-After: 5\r\n");

    /// <summary>To whoever asks whether a WebSocket would be taken now.</summary>
    public static readonly UpgradeRefusal HasRoom = new(200, "OK");

    private UpgradeRefusal(int status, string phrase, string fields = "", string? body = null)
    {
        Status = status;
        body ??= phrase + "\n";
        Wire = Encoding.ASCII.GetBytes(
            $"HTTP/1.1 {status} {phrase}\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n"
            + $"Content-Length: {body.Length}\r\n{fields}\r\n{body}");
    }

    public int Status { get; }

    /// <summary>The whole response as it is sent.</summary>
    public ReadOnlyMemory<byte> Wire { get; }
}
