using Im.Cli.Verify.Facts;
using Im.Cli.Verify.Hosts;
using Im.Cli.Verify.Load;

namespace Im.Cli.Verify.Cluster;

/// <summary>What a fault works with.</summary>
/// <param name="App">The users' app.</param>
/// <param name="OtherProgram">Another build of the node, when there is one.</param>
internal sealed record FaultScene(ClusterHosts Hosts, Population Population, FactBook Book, Random Random, uint App, string? OtherProgram)
{
    /// <summary>A node by chance.</summary>
    public int AnyNode() => Random.Next(Hosts.Nodes.Count);

    /// <summary>The one whose process runs longest: members are as old as their processes, in their order.</summary>
    public int Oldest() => Enumerable.Range(0, Hosts.Nodes.Count).MinBy(node => Hosts.Nodes[node].StartedAt);

    /// <summary>All other nodes.</summary>
    public IReadOnlyList<int> Others(int node) => [.. Enumerable.Range(0, Hosts.Nodes.Count).Where(other => other != node)];

    public NodeConnections ConnectionsOf(int node) => new(Hosts.Nodes[node].Http, Hosts.ApiKey, App);

    public string Name(int node) => Hosts.Nodes[node].Name;
}
