using System.Security.Cryptography;
using System.Text;

namespace Im.Cli.Bench.Engine;

/// <summary>
/// The opening handshake (RFC 6455 §4.1). One key serves all connections of a run, so that the expected <c>Sec-WebSocket-Accept</c> is computed once.
/// </summary>
internal sealed class ClientHandshake
{
    private const string AcceptGuid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    public ClientHandshake(Uri url)
    {
        var key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
        Bytes = Encoding.ASCII.GetBytes(
            $"GET {url.PathAndQuery} HTTP/1.1\r\nHost: {url.Authority}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n");
        Accept = Encoding.ASCII.GetBytes(AcceptFor(key));
    }

    public byte[] Bytes { get; }

    /// <summary>The value that the server has to answer with.</summary>
    public byte[] Accept { get; }

    internal static string AcceptFor(string key)
    {
#pragma warning disable CA5350 // RFC 6455 §4.2.2 prescribes SHA-1; it protects nothing here.
        return Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + AcceptGuid)));
#pragma warning restore CA5350
    }

    /// <summary>
    /// Looks for the end of the answer's headers. Returns their length; 0 when more bytes are needed; −1 when it is no upgrade, with the status line in <paramref name="refusal"/>.
    /// </summary>
    public int TryReadAnswer(ReadOnlySpan<byte> data, out string refusal)
    {
        refusal = "";
        var end = data.IndexOf("\r\n\r\n"u8);
        if (end < 0 && data.Length < 16 * 1024) return 0;
        var head = end < 0 ? data : data[..end];
        if (end >= 0 && head.StartsWith("HTTP/1.1 101 "u8) && head.IndexOf(Accept) >= 0) return end + 4;
        var line = head.IndexOf((byte)'\r');
        refusal = Encoding.ASCII.GetString(head[..Math.Min(line < 0 ? head.Length : line, 80)]);
        return -1;
    }
}
