using System.Net;

namespace Im.Node.Configuration;

/// <summary>A TCP port that the node opens, and the setting it comes from.</summary>
internal sealed record NodePort(string Setting, int Number, IPAddress Address)
{
    public string EnvironmentName => OptionEntry.EnvironmentNameOf(Setting);
}

internal static class NodePorts
{
    /// <summary>Remoting stays on loopback while a node is a cluster of its own.</summary>
    public static IPAddress RemotingAddress(ImOptions options) =>
        options.Cluster.SeedNodes.Count > 0 && IPAddress.TryParse(options.Cluster.BindAddress ?? options.BindAddress, out var address) ? address : IPAddress.Loopback;

    /// <summary>In the order in which they are opened.</summary>
    public static IReadOnlyList<NodePort> Of(ImOptions options)
    {
        var address = IPAddress.TryParse(options.BindAddress, out var parsed) ? parsed : IPAddress.Loopback;
        List<NodePort> ports =
        [
            new("Im:Cluster:Port", options.Cluster.Port, RemotingAddress(options)),
            new("Im:WebSocket:Port", options.WebSocket.Port, address),
            new("Im:Http:Port", options.Http.Port, address),
            new("Im:Grpc:Port", options.Grpc.Port, address),
        ];
        if (options.Metrics.Port is { } metrics) ports.Add(new NodePort("Im:Metrics:Port", metrics, address));
        return ports;
    }
}
