using Im.Node.Configuration;

namespace Im.Node.Clustering.Formation;

/// <summary>By whom this node joins.</summary>
/// <param name="Seeds">In the operator's order; empty for a cluster of one.</param>
internal sealed record FormationSettings(IReadOnlyList<SeedNode> Seeds)
{
    /// <summary>How often a node that has not joined looks again who is about, and a member says that it is.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>A member that has said nothing for so long is not counted on: five intervals.</summary>
    public TimeSpan Fresh { get; init; } = TimeSpan.FromSeconds(10);

    public static FormationSettings Of(ImOptions options) => new([.. options.Cluster.SeedNodes.Select(text => SeedNode.TryParse(text, out var seed) ? seed : throw new FormatException(text))]);
}
