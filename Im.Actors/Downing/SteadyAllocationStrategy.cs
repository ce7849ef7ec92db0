using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Im.Actors.Telemetry;

namespace Im.Actors.Downing;

/// <summary>
/// Another strategy, but while a member may be gone nothing moves to another node, and nothing is given to that member. To move a shard the coordinator asks all
/// regions first. One whose process is gone does not answer until its node is removed, and what was to leave it then waits for the time-out of the
/// hand-off (8 s), long after all else of that node has a new home.
/// </summary>
internal sealed class SteadyAllocationStrategy(IShardAllocationStrategy inner) : IActorSystemDependentAllocationStrategy
{
    private static readonly IImmutableSet<string> Nothing = ImmutableHashSet<string>.Empty;

    private Suspects _suspects = new();

    public void Start(ActorSystem system)
    {
        _suspects = Suspects.Of(system);
        (inner as IActorSystemDependentAllocationStrategy)?.Start(system);
    }

    public Task<IActorRef> AllocateShard(IActorRef requester, string shardId, IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations)
    {
        var steady = currentShardAllocations.Keys.Where(region => !_suspects.Contains(region.Path.Address)).ToList();
        return inner.AllocateShard(requester, shardId, steady.Count is 0 || steady.Count == currentShardAllocations.Count
            ? currentShardAllocations
            : steady.ToImmutableDictionary(region => region, region => currentShardAllocations[region]));
    }

    public Task<IImmutableSet<string>> Rebalance(IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations, IImmutableSet<string> rebalanceInProgress) =>
        _suspects.IsEmpty ? inner.Rebalance(currentShardAllocations, rebalanceInProgress) : Hold();

    private static Task<IImmutableSet<string>> Hold()
    {
        ImMetrics.ShardRoundHeld();
        return Task.FromResult(Nothing);
    }
}
