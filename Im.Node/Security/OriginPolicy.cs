using Im.Node.Sockets;

namespace Im.Node.Security;

/// <summary>
/// Which origins are our own: pages that this node served. Anything else that a browser sends is another site acting in its
/// visitor's name. Configured origins may open a WebSocket, and only that.
/// </summary>
internal sealed class OriginPolicy(SecuritySettings settings, KnownHosts hosts, BoundPorts ports) : IOriginPolicy
{
    private readonly HashSet<string> _allowed = new(settings.AllowedOrigins, StringComparer.OrdinalIgnoreCase);

    public bool Allows(string? origin, string? host)
    {
        if (string.IsNullOrEmpty(origin)) return !settings.RequireOrigin;
        return _allowed.Contains(origin) || IsOwn(origin, host);
    }

    /// <summary>Did this node serve the page that sends the request?</summary>
    /// <param name="host">Counts only when it is a known name.</param>
    public bool IsOwn(string origin, string? host)
    {
        if (Parse(origin) is not { } from) return false;
        return (from.Port == ports.Http && hosts.Own.Contains(from.Host, StringComparer.OrdinalIgnoreCase))
            || IsPublic(from)
            || IsSameAsHost(from, host);
    }

    /// <summary>The public name on its scheme's port, on PublicUrl's own, or on the HTTP port.</summary>
    private bool IsPublic(Uri from) =>
        settings.PublicUrl is { } url
        && string.Equals(from.IdnHost, url.IdnHost, StringComparison.OrdinalIgnoreCase)
        && (from.IsDefaultPort || from.Port == url.Port || from.Port == ports.Http);

    private bool IsSameAsHost(Uri from, string? host)
    {
        if (string.IsNullOrEmpty(host)) return false;
        var called = new HostString(host);
        return hosts.Contains(called.Host)
            && string.Equals(from.Host, called.Host, StringComparison.OrdinalIgnoreCase)
            && from.Port == (called.Port ?? (from.Scheme == Uri.UriSchemeHttps ? 443 : 80));
    }

    /// <summary>Only <c>http(s)://host[:port]</c> and nothing behind it; <c>null</c> and other schemes are nobody's own.</summary>
    private static Uri? Parse(string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
        && uri.UserInfo.Length == 0
        && uri.PathAndQuery == "/" && uri.Fragment.Length == 0 && !origin.EndsWith('/')
            ? uri
            : null;
}
