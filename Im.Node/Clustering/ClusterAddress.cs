using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Cluster;
using Im.Node.Configuration;

namespace Im.Node.Clustering;

/// <summary>Under which name the others know this node.</summary>
internal static class ClusterAddress
{
    /// <summary>As it stands in addresses: lower case, IPv6 in brackets. What it is must be the same text as in the seed list.</summary>
    public static string HostOf(ImOptions options)
    {
        var host = (options.Cluster.AdvertisedHost ?? NodePorts.RemotingAddress(options).ToString()).ToLowerInvariant();
        return IPAddress.TryParse(host, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : host;
    }

    /// <summary><c>host:port</c>.</summary>
    public static string Text(Address address) => string.Create(CultureInfo.InvariantCulture, $"{address.Host}:{address.Port}");

    /// <summary>The seed as an address of this node's kind.</summary>
    public static Address Of(SeedNode seed, Cluster cluster) => new(cluster.SelfAddress.Protocol, cluster.SelfAddress.System, seed.Host, seed.Port);
}
