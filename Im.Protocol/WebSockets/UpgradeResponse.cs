using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Im.Protocol.WebSockets;

/// <summary>The server's half of the opening handshake, RFC 6455 §4.2.2. Extensions that a client offers are never taken up.</summary>
public static class UpgradeResponse
{
    /// <summary>The 101 with exactly the fields that the protocol asks for.</summary>
    /// <param name="protocol">The sub-protocol that was selected, or null.</param>
    public static byte[] Encode(string key, string? protocol) => Encoding.ASCII.GetBytes(
        $"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {Accept(key)}\r\n"
        + (protocol is null ? "\r\n" : $"Sec-WebSocket-Protocol: {protocol}\r\n\r\n"));

    /// <summary>The proof that the key was read.</summary>
    [SuppressMessage("Security", "CA5350", Justification = "RFC 6455 prescribes SHA-1, and nothing is guarded by it.")]
    public static string Accept(string key) =>
        Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
}
