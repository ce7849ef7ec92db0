using System.Net;
using Im.Node.Compat;
using Im.Node.Configuration;
using Im.Node.Security;

namespace Im.Node.Composition;

/// <summary>What each edge needs to know of the options.</summary>
internal static class EdgeSettings
{
    public static SecuritySettings Security(this ImOptions options) => new()
    {
        BindAddress = options.BindAddress,
        PublicUrl = options.WebSocket.PublicUrl is { } url ? new Uri(url) : null,
        AdvertisedHost = options.Cluster.AdvertisedHost,
        AllowedOrigins = options.WebSocket.AllowedOrigins,
        EmbeddingOrigins = options.Http.EmbeddingOrigins,
        RequireOrigin = options.WebSocket.RequireOrigin,
        KnownProxies = options.KnownProxies,
    };

    public static CompatSettings Compat(this ImOptions options) => new()
    {
        Open = options.IsOpenGuest(),
        Mode = options.Auth.Mode == AuthMode.Jwt ? "jwt" : "guest",
        Apps = options.Apps,
        MaxTextBytes = options.WebSocket.TextMaxBytes,
    };

    public static Sockets.WebSocketListenerOptions Sockets(this ImOptions options) => new()
    {
        BindAddress = IPAddress.Parse(options.BindAddress),
        Port = options.WebSocket.Port,
        ConformanceEcho = options.Diagnostics.ConformanceEcho,
        SubProtocols = options.WebSocket.SubProtocols,
        KnownProxies = [.. options.KnownProxies.Select(ProxyNetwork.Parse)],
    };

    /// <summary>Guest mode on an address that only this machine reaches: what the seed left open stays open.</summary>
    public static bool IsOpenGuest(this ImOptions options) => options.Auth.Mode == AuthMode.Guest && IPAddress.IsLoopback(IPAddress.Parse(options.BindAddress));
}
