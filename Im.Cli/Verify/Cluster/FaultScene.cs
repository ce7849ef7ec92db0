using Im.Cli.Verify.Facts;
using Im.Cli.Verify.Hosts;
using Im.Cli.Verify.Load;

namespace Im.Cli.Verify.Cluster;

/// <summary>What a fault works with.</summary>
/// <param name="OtherProgram">Another build of the node, when there is one.</param>
internal sealed record FaultScene(ClusterHosts Hosts, Population Population, FactBook Book, Random Random, string? OtherProgram)
{
    /// <summary>A node by chance.</summary>
    public int AnyNode() => Random.Next(Hosts.Nodes.Count);

    /// <summary>All other nodes.</summary>
    public IReadOnlyList<int> Others(int node) => [.. Enumerable.Range(0, Hosts.Nodes.Count).Where(other => other != node)];

    public string Name(int node) => Hosts.Nodes[node].Name;
}
