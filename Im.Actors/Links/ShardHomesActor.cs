using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using Im.Actors.Messages;

namespace Im.Actors.Links;

/// <summary>Asks a region every few seconds where its shards are, as long as there are other nodes.</summary>
internal sealed class ShardHomesActor : UntypedActor, IWithTimers
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>Regions that have not answered by then are left out.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public static Props Create(IActorRef region, ShardHomes homes, LinkTable links) => Props.Create(() => new ShardHomesActor(region, homes, links));

    private sealed record Look : ILocalMessage
    {
        public static readonly Look Instance = new();
    }

    private readonly IActorRef _region;
    private readonly ShardHomes _homes;
    private readonly LinkTable _links;
    private readonly Address _self;

    public ShardHomesActor(IActorRef region, ShardHomes homes, LinkTable links)
    {
        _region = region;
        _homes = homes;
        _links = links;
        _self = Cluster.Get(Context.System).SelfAddress;
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Timers.StartPeriodicTimer(nameof(Look), Look.Instance, Interval);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Look: OnLook(); break;
            case ClusterShardingStats stats: OnStats(stats); break;
            default: Unhandled(message); break;
        }
    }

    private void OnLook()
    {
        if (_links.IsEmpty) _homes.Set([]);
        else _region.Tell(new GetClusterShardingStats(Patience));
    }

    private void OnStats(ClusterShardingStats stats) =>
        _homes.Set(stats.Regions.Where(region => !region.Key.Equals(_self) && region.Key.HasGlobalScope)
            .SelectMany(region => region.Value.Stats.Keys.Select(shard => KeyValuePair.Create(shard, region.Key))).DistinctBy(home => home.Key));
}
