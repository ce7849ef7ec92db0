using Akka.Actor;
using Akka.Cluster.Sharding;

namespace Im.Actors;

/// <summary>
/// Asks the shard regions for their coordinator, for the life of the node: ready once all have one, not ready when a region has
/// stopped or has had none for <see cref="Patience"/>. A region without a coordinator can start no entity and looks alive otherwise.
/// </summary>
internal sealed class RegionProbeActor : UntypedActor, IWithTimers
{
    public static Props Create(IReadOnlyList<IActorRef> regions, INodeParts parts, TimeProvider time) => Props.Create(() => new RegionProbeActor(regions, parts, time));

    private sealed record Probe : INoSerializationVerificationNeeded
    {
        public static readonly Probe Instance = new();
    }

    /// <summary>Longer than a coordinator takes to move in a planned stop.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan StartInterval = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Dictionary<IActorRef, long> _answeredAt = [];   // by region, a timestamp
    private readonly IReadOnlyList<IActorRef> _regions;
    private readonly INodeParts _parts;
    private readonly TimeProvider _time;
    private bool _isReady;

    public RegionProbeActor(IReadOnlyList<IActorRef> regions, INodeParts parts, TimeProvider time)
    {
        _regions = regions;
        _parts = parts;
        _time = time;
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        foreach (var region in _regions) Context.Watch(region);
        Ask();
        Timers.StartPeriodicTimer(nameof(Probe), Probe.Instance, StartInterval);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Probe: OnProbe(); break;
            case CurrentRegions current: OnAnswered(current); break;
            case Terminated stopped: OnStopped(stopped.ActorRef); break;
            default: Unhandled(message); break;
        }
    }

    private void OnProbe()
    {
        var silent = _regions.FirstOrDefault(region => !_answeredAt.TryGetValue(region, out var at) || _time.GetElapsedTime(at) > Patience);
        if (_isReady && silent is not null)
        {
            _isReady = false;
            _parts.NotReady(NodePart.Regions, $"region {silent.Path.Name} has no coordinator");
            Timers.StartPeriodicTimer(nameof(Probe), Probe.Instance, StartInterval);
        }

        Ask();
    }

    /// <summary>Only a coordinator names regions; one that has none answers for itself, with an empty list.</summary>
    private void OnAnswered(CurrentRegions current)
    {
        if (current.Regions.Count == 0) return;
        var region = _regions.FirstOrDefault(region => Sender.Path.Elements.Contains(region.Path.Name + "Coordinator"));
        if (region is null) return;
        _answeredAt[region] = _time.GetTimestamp();
        if (_isReady || _answeredAt.Count < _regions.Count || _answeredAt.Values.Any(at => _time.GetElapsedTime(at) > Patience)) return;
        _isReady = true;
        _parts.Ready(NodePart.Regions);
        Timers.StartPeriodicTimer(nameof(Probe), Probe.Instance, Interval);
    }

    /// <summary>Nothing brings a region back but a new start of the node.</summary>
    private void OnStopped(IActorRef region)
    {
        _parts.NotReady(NodePart.Regions, $"region {region.Path.Name} has stopped");
        Context.Stop(Self);
    }

    private void Ask()
    {
        foreach (var region in _regions) region.Tell(GetCurrentRegions.Instance);
    }
}
