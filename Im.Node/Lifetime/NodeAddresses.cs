using System.Net;
using Im.Node.Configuration;
using Im.Node.Security;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace Im.Node.Lifetime;

/// <summary>Where the node really listens, with the ports that the system chose for 0. Valid once the host has started.</summary>
internal sealed class NodeAddresses(IServer server, BoundPorts ports, IOptions<ImOptions> options)
{
    public Uri Http => Kestrel(WebServer.HttpIndex);

    public Uri Grpc => Kestrel(WebServer.GrpcIndex);

    /// <summary>Base of <c>/metrics</c>: its own port, or the HTTP one.</summary>
    public Uri Metrics => options.Value.Metrics.Port is null ? Http : Kestrel(WebServer.MetricsIndex);

    public Uri WebSocket => new UriBuilder("ws", Reachable(IPAddress.Parse(options.Value.BindAddress)), ports.WebSocket, WebSocketListenerOptions.Path).Uri;

    private Uri Kestrel(int index)
    {
        var address = new Uri(server.Features.Get<IServerAddressesFeature>()!.Addresses.ElementAt(index));
        return new UriBuilder(address) { Host = Reachable(IPAddress.Parse(address.Host.Trim('[', ']'))) }.Uri;
    }

    /// <summary>What to type for an address that means "all of them".</summary>
    private static string Reachable(IPAddress address) =>
        address.Equals(IPAddress.Any) ? "127.0.0.1" : address.Equals(IPAddress.IPv6Any) ? "[::1]" : address.ToString();
}
