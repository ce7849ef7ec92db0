namespace Im.Node.Security;

/// <summary>The WebSocket address that a page from this node has to connect to.</summary>
internal sealed class WebSocketAddress(SecuritySettings settings, KnownHosts hosts, BoundPorts ports)
{
    private const string Path = "/acc";

    /// <returns>PublicUrl when it is set, the same origin behind a known proxy, else the request's host on the WebSocket port; null
    /// when the request's host is not a known name.</returns>
    public string? For(HttpContext context)
    {
        if (settings.PublicUrl is { } url) return url.AbsolutePath == "/" ? url.GetLeftPart(UriPartial.Authority) + Path : url.AbsoluteUri;

        var host = context.Request.Host;
        if (!host.HasValue || !hosts.Contains(host.Host)) return null;
        var scheme = context.Request.IsHttps ? "wss" : "ws";
        return ViaKnownProxy.Is(context) ? $"{scheme}://{host.Value}{Path}" : $"{scheme}://{host.Host}:{ports.WebSocket}{Path}";
    }
}
