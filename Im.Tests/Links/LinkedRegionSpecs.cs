using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Im.Actors.Links;
using Im.Actors.Sessions;
using Im.Protocol.Names;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Links;

/// <summary>Messages to entities go by the link to the node where the shard is known to be, and by the region while nobody knows.</summary>
public sealed class LinkedRegionSpecs() : ActorSpecs("akka.actor.provider = cluster, akka.remote.dot-netty.tcp { hostname = \"127.0.0.1\", port = 0 }")
{
    private static readonly Address Peer = Address.Parse("akka.tcp://im@10.0.0.2:4053");
    private static readonly SessionMessageExtractor Extractor = new();
    private static readonly SessionCommands.Detach Detach = new(new UserKey(new AppId(101), new UserId("alice")), "n1-1");

    private readonly LinkTable _links = new();
    private readonly ShardHomes _homes = new();

    [Fact]
    public void Should_go_by_the_link_once_the_shards_home_is_known()
    {
        var (link, region) = (CreateTestProbe(), CreateTestProbe());
        var linked = new LinkedRegion((IInternalActorRef)region.Ref, Extractor, LinkRegion.Sessions, _homes, _links);
        _links.Open(Peer, new NodeLink(link.Ref));

        linked.Tell(Detach, TestActor);
        region.ExpectMsg(Detach);
        _homes.Set([KeyValuePair.Create(Shard, Peer)]);
        linked.Tell(Detach, TestActor);

        link.ExpectMsg(new NodeLink.Outgoing(region.Ref, "", LinkRegion.Sessions, Detach, TestActor));
        _links.Close(Peer, _links.Find(Peer)!);
        linked.Tell(Detach, TestActor);
        region.ExpectMsg(Detach);
        linked.Tell(GetCurrentRegions.Instance, TestActor);
        region.ExpectMsg(GetCurrentRegions.Instance);
    }

    [Fact]
    public void Should_learn_the_homes_of_shards_on_other_nodes_from_the_region()
    {
        var region = CreateTestProbe();
        _links.Open(Peer, new NodeLink(ActorRefs.Nobody));
        var here = Akka.Cluster.Cluster.Get(Sys).SelfAddress;
        Sys.ActorOf(ShardHomesActor.Create(region.Ref, _homes, _links));

        region.ExpectMsg<GetClusterShardingStats>();
        region.Reply(new ClusterShardingStats(ImmutableDictionary<Address, ShardRegionStats>.Empty.Add(Peer, Stats(Shard)).Add(here, Stats("7"))));

        AwaitCondition(() => _homes.Find(Shard) is not null);
        _homes.Find(Shard).ShouldBe(Peer);
        _homes.Find("7").ShouldBeNull();
    }

    private static string Shard => Extractor.ShardId(Extractor.EntityId(Detach)!, Detach)!;

    private static ShardRegionStats Stats(string shard) => new(ImmutableDictionary<string, int>.Empty.Add(shard, 1), ImmutableHashSet<string>.Empty);
}
