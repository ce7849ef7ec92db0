using System.Net;

namespace Im.Node.Configuration;

/// <summary>What must hold between the settings of the cluster. The certificate files themselves are read when the node is put together.</summary>
internal static class ClusterRules
{
    public static IEnumerable<string> Check(ImOptions options) =>
        [.. Names(options.Cluster), .. Store(options), .. Reachable(options), .. Tls(options.Cluster)];

    private static IEnumerable<string> Names(NodeClusterOptions cluster)
    {
        if (cluster.AdvertisedHost is { } host && Uri.CheckHostName(host) == UriHostNameType.Unknown)
            yield return $"Im:Cluster:AdvertisedHost is \"{host}\": expected a host name or an IP address; set Im__Cluster__AdvertisedHost";
        if (cluster.BindAddress is { } address && !IPAddress.TryParse(address, out _))
            yield return $"Im:Cluster:BindAddress is \"{address}\": expected an IP address such as 10.0.0.5 or 0.0.0.0; set Im__Cluster__BindAddress";
        foreach (var (seed, index) in cluster.SeedNodes.Select((seed, index) => (seed, index)))
        {
            if (!SeedNode.TryParse(seed, out _))
                yield return $"Im:Cluster:SeedNodes:{index} is \"{seed}\": expected host:port such as im-1.example.org:4053; set Im__Cluster__SeedNodes__{index}";
        }

        foreach (var twice in cluster.SeedNodes.GroupBy(seed => seed, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1))
            yield return $"Im:Cluster:SeedNodes names {twice.Key} twice: name each node once; set Im__Cluster__SeedNodes__0…";
    }

    private static IEnumerable<string> Store(ImOptions options)
    {
        if (options.Cluster.SeedNodes.Count > 0 && options.Storage.Provider == StorageProvider.Sqlite)
        {
            yield return "Im:Cluster:SeedNodes is set and Im:Storage:Provider is sqlite, which one node has to itself: nodes of a cluster share a PostgreSQL; "
                + "set Im__Storage__Provider=postgres and Im__Storage__ConnectionString, or remove Im__Cluster__SeedNodes__0…";
        }
    }

    /// <summary>An address that means "all of them" is none that another node could connect to.</summary>
    private static IEnumerable<string> Reachable(ImOptions options)
    {
        var bound = NodePorts.RemotingAddress(options);
        if (options.Cluster is { SeedNodes.Count: > 0, AdvertisedHost: null } && (bound.Equals(IPAddress.Any) || bound.Equals(IPAddress.IPv6Any)))
            yield return $"Im:Cluster:SeedNodes is set, remoting listens on {bound} and Im:Cluster:AdvertisedHost is not set: name the host that the other nodes reach this one by; set Im__Cluster__AdvertisedHost";
    }

    private static IEnumerable<string> Tls(NodeClusterOptions cluster)
    {
        var files = new[] { (nameof(cluster.Tls.Certificate), cluster.Tls.Certificate), (nameof(cluster.Tls.Key), cluster.Tls.Key), (nameof(cluster.Tls.CaCertificate), cluster.Tls.CaCertificate) };
        var missing = files.Where(file => string.IsNullOrWhiteSpace(file.Item2)).Select(file => $"Im__Cluster__Tls__{file.Item1}").ToList();
        if (cluster.SeedNodes.Count > 0 && cluster.Tls.Mode == ClusterTlsMode.Mutual && missing.Count > 0)
        {
            yield return $"Im:Cluster:SeedNodes is set and the nodes have no certificates to know each other by: make them with im certs and set {string.Join(", ", missing)}; "
                + "or accept that whoever reaches the port can join with Im__Cluster__Tls__Mode=off";
        }

        if (cluster.Tls.Mode == ClusterTlsMode.Off && missing.Count < files.Length)
            yield return "Im:Cluster:Tls:Mode is off and certificate files are set, which would not be used: set Im__Cluster__Tls__Mode=mutual, or remove Im__Cluster__Tls__Certificate, …Key and …CaCertificate";
        if (cluster.SeedNodes.Count == 0 && cluster.Tls.Mode == ClusterTlsMode.Mutual && missing.Count < files.Length)
            yield return "Im:Cluster:Tls is set and Im:Cluster:SeedNodes is not, so that no other node is there to use it with: set Im__Cluster__SeedNodes__0, or remove Im__Cluster__Tls__…";
    }
}
