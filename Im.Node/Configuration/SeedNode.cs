using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Im.Node.Configuration;

/// <summary>A node to join by.</summary>
/// <param name="Host">A name in lower case, or an IP address; IPv6 in brackets.</param>
internal sealed record SeedNode(string Host, int Port)
{
    /// <summary>Reads <c>host:port</c>, as <c>im-1.example.org:4053</c> or <c>[::1]:4053</c>.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out SeedNode? seed)
    {
        seed = null;
        var colon = text.LastIndexOf(':');
        if (colon <= 0 || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is 0 or > 65535) return false;
        var host = text[..colon];
        var isBare = Uri.CheckHostName(host) is UriHostNameType.Dns or UriHostNameType.IPv4;
        var isBracketed = host.StartsWith('[') && host.EndsWith(']') && Uri.CheckHostName(host.Trim('[', ']')) == UriHostNameType.IPv6;
        if (!isBare && !isBracketed) return false;
        seed = new SeedNode(host.ToLowerInvariant(), port);
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");
}
