using Akka.Cluster;

namespace Im.Actors.Downing;

/// <summary>Which member found that the port of which incarnation of a node refuses. What is not said again grows old and counts no more.</summary>
/// <param name="lifetime">So long an observation counts.</param>
internal sealed class RefusalTally(TimeSpan lifetime)
{
    private readonly Dictionary<UniqueAddress, Dictionary<UniqueAddress, TimeSpan>> _observations = [];

    /// <param name="now">Of a clock that never goes back.</param>
    public void Add(UniqueAddress node, UniqueAddress by, TimeSpan now)
    {
        if (!_observations.TryGetValue(node, out var observers)) _observations[node] = observers = [];
        observers[by] = now;
    }

    /// <summary>It has found otherwise since.</summary>
    public void Remove(UniqueAddress node, UniqueAddress by) => _observations.GetValueOrDefault(node)?.Remove(by);

    public void Forget(UniqueAddress node) => _observations.Remove(node);

    /// <summary>
    /// The members that see it refuse, when they are a majority of all, itself counted; else none. It has no vote on itself, nor has who is
    /// no member.
    /// </summary>
    /// <param name="members">Those that are Up or Leaving, as the split-brain resolver counts them.</param>
    public IReadOnlyList<UniqueAddress> Majority(UniqueAddress node, IReadOnlySet<UniqueAddress> members, TimeSpan now)
    {
        if (!_observations.TryGetValue(node, out var observers)) return [];
        var count = members.Contains(node) ? members.Count : members.Count + 1;
        var seen = observers.Where(observer => now - observer.Value <= lifetime && members.Contains(observer.Key) && !observer.Key.Equals(node)).Select(observer => observer.Key).ToArray();
        return seen.Length * 2 > count ? seen : [];
    }
}
