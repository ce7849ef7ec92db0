using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Im.Actors.Downing;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Downing;

/// <summary>Three nodes in memory, of which one is silent for a while.</summary>
[Collection(ActorClusterTests.Name)]
public sealed class SteadyAllocationSpecs
{
    private const string Hocon = """
        akka.cluster {
          failure-detector.acceptable-heartbeat-pause = 1s
          split-brain-resolver { stable-after = 300s, down-all-when-unstable = off }
          sharding.rebalance-interval = 200ms
        }
        """;

    private static readonly string[] Kinds = ["session", "conversation"];
    private static readonly IImmutableSet<string> None = ImmutableHashSet<string>.Empty;

    [Fact]
    public async Task Should_move_nothing_and_give_nothing_to_a_node_that_may_be_gone()
    {
        await using var cluster = await ActorCluster.StartAsync(3, hocon: Hocon);
        var (here, silent) = (cluster[0], cluster[2]);
        here.System.ActorOf(RefusalActor.Create(new UnknownPort(), RefusalSettings.Default, TimeProvider.System), RefusalActor.Name);
        var asked = new Asked();
        var strategy = new SteadyAllocationStrategy(asked);
        strategy.Start(here.System);
        var regions = cluster.Nodes.ToImmutableDictionary(node => RegionOf(here, node), _ => (IImmutableList<string>)ImmutableList<string>.Empty);
        await Until.TrueAsync(() => AsksAsync(strategy, asked, regions));

        cluster.Isolate(silent);
        await Until.TrueAsync(() => Suspects.Of(here.System).Contains(silent.Address));
        (await AsksAsync(strategy, asked, regions)).ShouldBeFalse();
        // A stall of this process may make a suspect of the other one too, for a while.
        await Until.TrueAsync(async () =>
        {
            await strategy.AllocateShard(ActorRefs.Nobody, "1", regions);
            asked.Regions.ShouldNotContain(RegionOf(here, silent));
            return asked.Regions.ToHashSet().SetEquals([RegionOf(here, here), RegionOf(here, cluster[1])]);
        });

        cluster.Heal();
        await Until.TrueAsync(() => AsksAsync(strategy, asked, regions), () => string.Join(", ", here.Cluster.State.Unreachable));
    }

    [Fact]
    public async Task Should_be_the_strategy_of_both_kinds_of_entities()
    {
        await using var cluster = await ActorCluster.StartAsync(2, hocon: Hocon);
        for (var i = 0; i < 40; i++) await cluster[0].Level2Async($"steady-{i}", $"device-{i:0000}", $"r:steady-{i}");
        foreach (var node in cluster.Nodes) Suspects.Of(node.System).Set([new Address("akka", "im", "gone", 1)]);
        using var held = new CounterSum("im.shards.rounds.held");

        var third = await cluster.AddAsync();
        await Until.TrueAsync(() => held.Total >= 10);
        foreach (var kind in Kinds) (await ShardsOnAsync(third, kind)).ShouldBe(0, kind);

        foreach (var node in cluster.Nodes) Suspects.Of(node.System).Set([]);
        foreach (var kind in Kinds) await Until.TrueAsync(async () => await ShardsOnAsync(third, kind) > 0, () => kind);
    }

    /// <summary>True when the strategy leaves it to the other one what moves.</summary>
    private static async Task<bool> AsksAsync(SteadyAllocationStrategy strategy, Asked asked, IImmutableDictionary<IActorRef, IImmutableList<string>> regions)
    {
        var before = asked.Rebalances;
        await strategy.Rebalance(regions, None);
        return asked.Rebalances > before;
    }

    private static IActorRef RegionOf(ActorNode here, ActorNode node) => ((ExtendedActorSystem)here.System).Provider.ResolveActorRef($"{node.Address}/system/sharding/session");

    private static async Task<int> ShardsOnAsync(ActorNode node, string kind) =>
        (await ClusterSharding.Get(node.System).ShardRegion(kind).Ask<CurrentShardRegionState>(GetShardRegionState.Instance)).Shards.Count;

    private sealed class Asked : IShardAllocationStrategy
    {
        public int Rebalances { get; private set; }

        public IReadOnlyList<IActorRef> Regions { get; private set; } = [];

        public Task<IActorRef> AllocateShard(IActorRef requester, string shardId, IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations)
        {
            Regions = [.. currentShardAllocations.Keys];
            return Task.FromResult(Regions[0]);
        }

        public Task<IImmutableSet<string>> Rebalance(IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations, IImmutableSet<string> rebalanceInProgress)
        {
            Rebalances++;
            return Task.FromResult(None);
        }
    }

    private sealed class UnknownPort : IPortProbe
    {
        public Task<PortState> TryAsync(string host, int port) => Task.FromResult(PortState.Unknown);
    }
}
