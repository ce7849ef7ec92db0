using Akka.Actor;
using Akka.Cluster.Sharding;

namespace Im.Actors;

/// <summary>Asks the regions for their coordinator until all have answered; then the node's part is ready and the probe ends.</summary>
internal sealed class RegionProbeActor : UntypedActor, IWithTimers
{
    public static Props Create(IReadOnlyList<IActorRef> regions, INodeParts parts) => Props.Create(() => new RegionProbeActor(regions, parts));

    private sealed record Probe : INoSerializationVerificationNeeded
    {
        public static readonly Probe Instance = new();
    }

    private readonly IReadOnlyList<IActorRef> _regions;
    private readonly HashSet<IActorRef> _coordinators = [];
    private readonly INodeParts _parts;

    public RegionProbeActor(IReadOnlyList<IActorRef> regions, INodeParts parts)
    {
        _regions = regions;
        _parts = parts;
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        Ask();
        Timers.StartPeriodicTimer(nameof(Probe), Probe.Instance, TimeSpan.FromMilliseconds(100));
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Probe: Ask(); break;
            case CurrentRegions: OnAnswered(); break;
            default: Unhandled(message); break;
        }
    }

    private void OnAnswered()
    {
        // It is the coordinators that answer, one for each region.
        if (!_coordinators.Add(Sender) || _coordinators.Count < _regions.Count) return;
        _parts.Ready(NodePart.Regions);
        Context.Stop(Self);
    }

    private void Ask()
    {
        foreach (var region in _regions) region.Tell(GetCurrentRegions.Instance);
    }
}
