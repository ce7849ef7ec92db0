using System.Text;

namespace Im.Protocol.WebSockets;

/// <summary>
/// Reads the head of an HTTP/1.1 request (RFC 9112 §2–§5) strictly: no folded lines, no bare line feeds, no body, no
/// field twice that may stand once. What passes here is read the same way by every proxy in front.
/// </summary>
public static class UpgradeParser
{
    public const int FieldsMaxCount = 100;

    /// <summary>Looks for the empty line that ends the head.</summary>
    /// <param name="scanned">Bytes that an earlier call has seen.</param>
    /// <returns>The head's length with that line, 0 when it has not come in yet, -1 when this cannot become a request.</returns>
    public static int FindEnd(ReadOnlySpan<byte> bytes, int scanned = 0)
    {
        if (scanned == 0 && bytes.Length > 0 && !char.IsAsciiLetterUpper((char)bytes[0])) return -1;
        for (var from = scanned; from < bytes.Length;)
        {
            var feed = bytes[from..].IndexOf((byte)'\n');
            if (feed < 0) return 0;
            feed += from;
            if (feed == 0 || bytes[feed - 1] != '\r') return -1;
            if (feed >= 3 && bytes[feed - 2] == '\n') return feed + 1;
            from = feed + 1;
        }

        return 0;
    }

    /// <summary>Parses a whole head.</summary>
    /// <returns>Null when the request is well-formed.</returns>
    public static UpgradeRefusal? Parse(ReadOnlySpan<byte> head, out UpgradeRequest? request)
    {
        request = null;
        var line = TakeLine(ref head);
        var fields = new UpgradeFields();
        if (!TryReadRequestLine(line, out var method, out var path, out var authority)) return UpgradeRefusal.Malformed;
        for (var count = 0; head.Length > 2; count++)
        {
            if (count == FieldsMaxCount) return UpgradeRefusal.HeadersTooLarge;
            if (!TryReadField(TakeLine(ref head), fields)) return UpgradeRefusal.Malformed;
        }

        request = fields.ToRequest(method, path, authority);
        return request is null ? UpgradeRefusal.Malformed : null;
    }

    /// <summary>RFC 9112 §3: method, target and version, one space between them.</summary>
    private static bool TryReadRequestLine(ReadOnlySpan<byte> line, out string method, out string path, out string? authority)
    {
        (method, path, authority) = ("", "", null);
        var first = line.IndexOf((byte)' ');
        var last = line.LastIndexOf((byte)' ');
        if (first <= 0 || last <= first || !line[(last + 1)..].SequenceEqual("HTTP/1.1"u8)) return false;
        if (!HttpText.IsToken(line[..first]) || !HttpText.IsTarget(line[(first + 1)..last])) return false;
        method = Encoding.ASCII.GetString(line[..first]);
        return TryReadTarget(line[(first + 1)..last], out path, out authority);
    }

    /// <summary>RFC 9112 §3.2: origin form, or absolute form whose authority replaces the Host field.</summary>
    private static bool TryReadTarget(ReadOnlySpan<byte> target, out string path, out string? authority)
    {
        (path, authority) = ("", null);
        var scheme = target.IndexOf("://"u8);
        if (target[0] != '/' && scheme > 0)
        {
            target = target[(scheme + 3)..];
            var slash = target.IndexOf((byte)'/');
            var host = slash < 0 ? target : target[..slash];
            if (!HttpText.IsAuthority(host)) return false;
            authority = Encoding.ASCII.GetString(host);
            target = slash < 0 ? "/"u8 : target[slash..];
        }

        if (target[0] != '/' && !target.SequenceEqual("*"u8)) return false;
        var query = target.IndexOf((byte)'?');
        path = Encoding.ASCII.GetString(query < 0 ? target : target[..query]);
        return true;
    }

    /// <summary>RFC 9112 §5: no space before the colon; a line that begins with a space would be a folded one.</summary>
    private static bool TryReadField(ReadOnlySpan<byte> line, UpgradeFields fields)
    {
        var colon = line.IndexOf((byte)':');
        if (colon <= 0 || !HttpText.IsToken(line[..colon])) return false;
        var value = line[(colon + 1)..].Trim(" \t"u8);
        return HttpText.IsFieldValue(value) && fields.TryAdd(line[..colon], value);
    }

    private static ReadOnlySpan<byte> TakeLine(ref ReadOnlySpan<byte> head)
    {
        var end = head.IndexOf("\r\n"u8);
        var line = head[..end];
        head = head[(end + 2)..];
        return line;
    }
}
