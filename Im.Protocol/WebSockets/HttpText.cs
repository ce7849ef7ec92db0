using System.Buffers;

namespace Im.Protocol.WebSockets;

/// <summary>The character classes of RFC 9110 §5 and RFC 9112 §3 that an upgrade request is made of.</summary>
internal static class HttpText
{
    private static readonly SearchValues<byte> TokenBytes =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"u8);

    private static readonly SearchValues<byte> HostBytes =
        SearchValues.Create("!$&'()*+,-.:;=[]_~%0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"u8);

    public static bool IsToken(ReadOnlySpan<byte> text) => text.Length > 0 && !text.ContainsAnyExcept(TokenBytes);

    /// <summary>RFC 3986 §3.2.2 and §3.2.3, without user information.</summary>
    public static bool IsAuthority(ReadOnlySpan<byte> text) => text.Length > 0 && !text.ContainsAnyExcept(HostBytes);

    /// <summary>Visible characters, spaces, tabs and bytes above ASCII; no other control characters.</summary>
    public static bool IsFieldValue(ReadOnlySpan<byte> text)
    {
        foreach (var value in text)
        {
            if (value is 0x7F or (< 0x20 and not (byte)'\t')) return false;
        }

        return true;
    }

    public static bool IsTarget(ReadOnlySpan<byte> text) =>
        text.Length > 0 && !text.ContainsAnyExceptInRange((byte)0x21, (byte)0x7E) && !text.Contains((byte)'#');

    /// <summary>The elements of a comma-separated list, without the empty ones (RFC 9110 §5.6.1).</summary>
    public static IEnumerable<string> Elements(string list) => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    public static bool HasElement(string list, string element) => Elements(list).Contains(element, StringComparer.OrdinalIgnoreCase);
}
