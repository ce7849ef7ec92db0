using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace Im.Node.Security;

/// <summary>Marks requests whose TCP peer is a known proxy, and believes the forwarded headers of those alone.</summary>
internal static class ViaKnownProxy
{
    private static readonly object Mark = new();

    public static bool Is(HttpContext context) => context.Items.ContainsKey(Mark);

    /// <summary>
    /// Nothing is forwarded without known proxies: with both of its lists empty the framework's middleware would believe
    /// everybody.
    /// </summary>
    public static void Use(WebApplication app, SecuritySettings settings)
    {
        if (settings.KnownProxies.Count == 0) return;

        var forwarded = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto,
            ForwardLimit = null,
        };
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var network in settings.KnownProxies.Select(ProxyNetwork.Parse)) forwarded.KnownIPNetworks.Add(network);

        app.Use((context, next) =>
        {
            if (context.Connection.RemoteIpAddress is { } peer && forwarded.KnownIPNetworks.Any(network => Contains(network, peer))) context.Items[Mark] = Mark;
            return next(context);
        });
        app.UseForwardedHeaders(forwarded);
    }

    private static bool Contains(IPNetwork network, IPAddress peer) =>
        network.Contains(peer) || (peer.IsIPv4MappedToIPv6 && network.Contains(peer.MapToIPv4()));
}
