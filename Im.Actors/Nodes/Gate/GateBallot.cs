using Akka.Cluster;

namespace Im.Actors.Nodes.Gate;

internal enum GateVerdict
{
    /// <summary>Neither yet.</summary>
    Undecided,

    /// <summary>A majority says Up.</summary>
    Confirmed,

    /// <summary>So many say that it is out that no majority can say Up any more.</summary>
    Refused,
}

/// <summary>What the nodes have said of this one since its gate closed: of each its last word.</summary>
internal sealed class GateBallot
{
    private readonly Dictionary<UniqueAddress, (GateStanding Standing, long AtMs)> _said = [];

    public void Add(UniqueAddress node, GateStanding standing, long atMs)
    {
        if (!_said.TryGetValue(node, out var before) || before.AtMs <= atMs) _said[node] = (standing, atMs);
    }

    /// <param name="others">The nodes that count besides this one, which counts for itself.</param>
    /// <returns>What a majority has confirmed, it has at <c>AtMs</c>, or later.</returns>
    public (GateVerdict Verdict, int Up, long AtMs) Count(IReadOnlyCollection<UniqueAddress> others, long nowMs)
    {
        var said = others.Select(node => _said.GetValueOrDefault(node)).ToList();
        var up = said.Where(word => word.Standing == GateStanding.Up).Select(word => word.AtMs).Append(nowMs).OrderDescending().ToList();
        var needed = ((others.Count + 1) / 2) + 1;
        if (up.Count >= needed) return (GateVerdict.Confirmed, up.Count, up[needed - 1]);
        var possible = others.Count + 1 - said.Count(word => word.Standing == GateStanding.Out);
        return (possible < needed ? GateVerdict.Refused : GateVerdict.Undecided, up.Count, 0);
    }
}
