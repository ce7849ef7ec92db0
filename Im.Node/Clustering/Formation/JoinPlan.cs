using System.Collections.Immutable;
using Akka.Actor;

namespace Im.Node.Clustering.Formation;

/// <summary>
/// Whom to join next. A node that stands first in its list founds a cluster when nobody of the list answers. That is for the
/// first seed alone, and only while the store knows of no member: a first seed that restarts while the network is cut would
/// otherwise found a second cluster beside the one that serves.
/// </summary>
internal static class JoinPlan
{
    /// <param name="self">This node.</param>
    /// <param name="seeds">In the operator's order.</param>
    /// <param name="members">Members about, by the store; null when it did not answer.</param>
    /// <returns>Addresses for the join; this node first when it may found the cluster; empty: wait.</returns>
    public static ImmutableList<Address> Of(Address self, IReadOnlyList<Address> seeds, IReadOnlyList<Address>? members)
    {
        if (seeds.Count == 0) return [self];
        var others = seeds.Concat(members ?? []).Where(address => address != self).Distinct().ToImmutableList();
        var mayFound = seeds[0] == self && members is not null && members.All(address => address == self);
        return mayFound ? others.Insert(0, self) : others;
    }
}
