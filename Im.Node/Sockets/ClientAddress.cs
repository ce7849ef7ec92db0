using System.Net;
using IPNetwork = System.Net.IPNetwork;

namespace Im.Node.Sockets;

/// <summary>Where a client really is: its socket's address, or what a known proxy says of it.</summary>
internal sealed class ClientAddress(IReadOnlyCollection<IPNetwork> knownProxies)
{
    /// <summary>
    /// Walks X-Forwarded-For from its end, where each proxy appended the peer that it saw, and stops at the first address
    /// that is no known proxy; what stands before it could be anybody's claim.
    /// </summary>
    public IPEndPoint Resolve(IPEndPoint peer, string? forwardedFor)
    {
        var client = Plain(peer.Address);
        if (forwardedFor is null || !IsProxy(client)) return ReferenceEquals(client, peer.Address) ? peer : new IPEndPoint(client, peer.Port);
        var hops = forwardedFor.Split(',', StringSplitOptions.TrimEntries);
        for (var i = hops.Length - 1; i >= 0; i--)
        {
            if (!TryParse(hops[i], out var hop)) break;
            client = hop;
            if (!IsProxy(client)) break;
        }

        return new IPEndPoint(client, 0);
    }

    private bool IsProxy(IPAddress address)
    {
        foreach (var network in knownProxies)
        {
            if (network.Contains(address)) return true;
        }

        return false;
    }

    /// <summary>An address alone or with a port, which is left.</summary>
    private static bool TryParse(string hop, out IPAddress address)
    {
        var parsed = IPEndPoint.TryParse(hop, out var endPoint);
        address = parsed ? Plain(endPoint!.Address) : IPAddress.None;
        return parsed;
    }

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
