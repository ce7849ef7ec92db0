using System.ComponentModel.DataAnnotations;

namespace Im.Node.Configuration;

/// <summary>How this node and others become one cluster. Without seed nodes it is a cluster of its own.</summary>
internal sealed record NodeClusterOptions
{
    /// <summary>TCP port of Akka remoting; 0 takes a free one.</summary>
    [Range(0, 65535)]
    public int Port { get; init; } = 4053;

    /// <summary>The IP address that remoting listens on once seed nodes are set; not set: <see cref="ImOptions.BindAddress"/>. On loopback without seed nodes.</summary>
    public string? BindAddress { get; init; }

    /// <summary>Name or address under which the others reach this node; not set: the address that remoting listens on.</summary>
    public string? AdvertisedHost { get; init; }

    /// <summary>
    /// Nodes to join by, as <c>host:port</c>, in the same order on every node. The first one may found the cluster when no node
    /// is about; it is this node when host and port are its own.
    /// </summary>
    public IReadOnlyList<string> SeedNodes { get; init; } = [];

    /// <summary>
    /// A member whose port refuses connections, as a majority of the members sees it, is taken out at once. To be turned off where something between the
    /// nodes answers for a host that is alive, such as a firewall that rejects instead of dropping.
    /// </summary>
    public bool DownOnRefusal { get; init; } = true;

    /// <summary>
    /// A node that stood still for longer than 4 s takes nothing until a majority of the nodes confirms that it is one of them; it ends
    /// with 71 when none has after so long.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:02", "00:01:00")]
    public TimeSpan ConfirmTimeout { get; init; } = TimeSpan.FromSeconds(10);

    public ClusterTlsOptions Tls { get; init; } = new();
}

internal enum ClusterTlsMode
{
    /// <summary>Both sides of every connection between nodes show a certificate of the cluster's own CA.</summary>
    Mutual,

    /// <summary>Plain TCP: whoever reaches the port can join, read and write everything. Insecure.</summary>
    Off,
}

/// <summary>TLS between nodes; it matters once seed nodes are set. <c>im certs</c> makes the files.</summary>
internal sealed record ClusterTlsOptions
{
    public ClusterTlsMode Mode { get; init; } = ClusterTlsMode.Mutual;

    /// <summary>PEM file with this node's certificate, which names its advertised host.</summary>
    public string? Certificate { get; init; }

    /// <summary>PEM file with the certificate's private key, readable by nobody else.</summary>
    public string? Key { get; init; }

    /// <summary>PEM file with the certificate of the cluster's CA, the only one that is trusted.</summary>
    public string? CaCertificate { get; init; }
}
