using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;

namespace Im.Actors;

/// <summary>
/// Asks the regions for their coordinator, as long as the node lives: the node's part is ready when all have answered, and not
/// ready when one has been silent for <see cref="Silence"/>. A region that ends does not come back, and nothing on this node
/// reaches the entities of its kind any more.
/// </summary>
internal sealed class RegionProbeActor : UntypedActor, IWithTimers
{
    /// <param name="regions">By what they hold, as <c>session</c>.</param>
    public static Props Create(IReadOnlyDictionary<string, IActorRef> regions, INodeParts parts, TimeProvider time) => Props.Create(() => new RegionProbeActor(regions, parts, time));

    private sealed record Probe : INoSerializationVerificationNeeded
    {
        public static readonly Probe Instance = new();
    }

    private static readonly TimeSpan FirstInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Longer than a coordinator takes to move in a planned stop.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(6);

    private readonly IReadOnlyDictionary<string, IActorRef> _regions;
    private readonly INodeParts _parts;
    private readonly TimeProvider _time;
    private readonly Address _self = Cluster.Get(Context.System).SelfAddress;

    /// <summary>When the coordinator of a kind last answered. It is the coordinators that answer, each under its kind's name.</summary>
    private readonly Dictionary<string, long> _answered = [];
    private bool _isReady;

    public RegionProbeActor(IReadOnlyDictionary<string, IActorRef> regions, INodeParts parts, TimeProvider time)
    {
        _regions = regions;
        _parts = parts;
        _time = time;
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        foreach (var region in _regions.Values) Context.Watch(region);
        Ask();
        Timers.StartPeriodicTimer(nameof(Probe), Probe.Instance, FirstInterval);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Probe: OnProbe(); break;
            case CurrentRegions current: OnAnswered(current); break;
            case Terminated ended: OnEnded(ended); break;
            default: Unhandled(message); break;
        }
    }

    private void OnProbe()
    {
        if (_isReady && Silent() is { } kind)
        {
            _isReady = false;
            _parts.NotReady(NodePart.Regions, $"no coordinator of {kind}");
        }

        Ask();
    }

    private void OnAnswered(CurrentRegions current)
    {
        // Only a region that the coordinator knows is given shards and told where others are.
        if (!current.Regions.Contains(_self)) return;
        if (_regions.Keys.FirstOrDefault(kind => Sender.Path.Elements.Contains(kind + "Coordinator")) is not { } answered) return;
        _answered[answered] = _time.GetTimestamp();
        if (_isReady || _answered.Count < _regions.Count || Silent() is not null) return;
        _isReady = true;
        _parts.Ready(NodePart.Regions);
        Timers.StartPeriodicTimer(nameof(Probe), Probe.Instance, Interval);
    }

    private void OnEnded(Terminated ended)
    {
        var kind = _regions.First(region => region.Value.Equals(ended.ActorRef)).Key;
        _parts.Lost(NodePart.Regions, $"The shard region of {kind} has ended");
    }

    private string? Silent() => _answered.Where(answer => _time.GetElapsedTime(answer.Value) > Silence).Select(answer => answer.Key).FirstOrDefault();

    private void Ask()
    {
        foreach (var region in _regions.Values) region.Tell(GetCurrentRegions.Instance);
    }
}
