using System.Text;

namespace Im.Protocol.WebSockets;

/// <summary>The fields of a request that an upgrade looks at; the others are checked for their syntax and left.</summary>
internal sealed class UpgradeFields
{
    private readonly Dictionary<string, string> _values = new(StringComparer.OrdinalIgnoreCase);

    private enum Rule
    {
        Ignored,

        /// <summary>Twice is an error: two readers could choose differently.</summary>
        Once,

        /// <summary>RFC 9110 §5.3: several are one list.</summary>
        List,
    }

    /// <summary>False when the field may not stand here.</summary>
    public bool TryAdd(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        var key = Encoding.ASCII.GetString(name);
        var text = Encoding.Latin1.GetString(value);
        switch (RuleOf(key))
        {
            case Rule.Once:
                return _values.TryAdd(key, text);
            case Rule.List:
                _values[key] = _values.TryGetValue(key, out var earlier) ? earlier + "," + text : text;
                return true;
            default:
                return true;
        }
    }

    /// <summary>Null when a field is missing or says that a body follows, which an upgrade has none of.</summary>
    public UpgradeRequest? ToRequest(string method, string path, string? authority)
    {
        var host = Get("Host");
        if (host is null || !HttpText.IsAuthority(Encoding.Latin1.GetBytes(host))) return null;
        if (method == "GET" && (Get("Transfer-Encoding") is not null || Get("Content-Length") is not (null or "0"))) return null;
        return new UpgradeRequest
        {
            Method = method,
            Path = path,
            Host = authority ?? host,
            Origin = Get("Origin"),
            Upgrade = Get("Upgrade") ?? "",
            Connection = Get("Connection") ?? "",
            Version = Get("Sec-WebSocket-Version"),
            Key = Get("Sec-WebSocket-Key"),
            Protocols = Get("Sec-WebSocket-Protocol"),
            ForwardedFor = Get("X-Forwarded-For"),
        };
    }

    private static Rule RuleOf(string name)
    {
        if (IsOneOf(name, "Host", "Origin", "Content-Length", "Sec-WebSocket-Key", "Sec-WebSocket-Version")) return Rule.Once;
        return IsOneOf(name, "Upgrade", "Connection", "Sec-WebSocket-Protocol", "X-Forwarded-For", "Transfer-Encoding") ? Rule.List : Rule.Ignored;
    }

    private static bool IsOneOf(string name, params ReadOnlySpan<string> names) => names.Contains(name, StringComparer.OrdinalIgnoreCase);

    private string? Get(string name) => _values.GetValueOrDefault(name);
}
