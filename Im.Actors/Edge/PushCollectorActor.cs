using Akka.Actor;
using Im.Actors.Messages;
using Im.Actors.Relays;
using Im.Actors.Sessions;

namespace Im.Actors.Edge;

/// <summary>
/// Collects what is observed of the pushes that this node's edges have under way, by message id. One actor for all of
/// them, so that a push costs no actor and no timer of its own: a sweep ends those whose time is up.
/// </summary>
/// <remarks>Bound: pushes under way are the edges' open calls, each of which ends by its time-out.</remarks>
internal sealed class PushCollectorActor : UntypedActor, IWithTimers
{
    public static Props Create(TimeProvider time) => Props.Create(() => new PushCollectorActor(time)).WithDispatcher("im.lane-dispatcher");

    /// <summary>Watch for results of this push; sent before the push itself.</summary>
    public sealed record Expect(PendingPush Push) : ILocalMessage;

    public sealed record ExpectFanout(PendingFanout Fanout) : ILocalMessage;

    private sealed record Sweep : INoSerializationVerificationNeeded
    {
        public static readonly Sweep Instance = new();
    }

    private readonly TimeProvider _time;
    private readonly Dictionary<string, PendingPush> _pushes = [];
    private readonly Dictionary<string, PendingFanout> _fanouts = [];

    public PushCollectorActor(TimeProvider time) => _time = time;

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Timers.StartPeriodicTimer(nameof(Sweep), Sweep.Instance, TimeSpan.FromMilliseconds(50));

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case PushEvents.DeviceResult result: OnDeviceResult(result); break;
            case PushEvents.Routed routed: OnRouted(routed); break;
            case Expect expect: _pushes[expect.Push.MessageId] = expect.Push; break;
            case RelayEvents.FanoutReport report: OnReport(report); break;
            case ExpectFanout expect: _fanouts[expect.Fanout.MessageId] = expect.Fanout; break;
            case Sweep: OnSweep(); break;
            default: Unhandled(message); break;
        }
    }

    private void OnDeviceResult(PushEvents.DeviceResult result)
    {
        if (_pushes.TryGetValue(result.MessageId, out var push) && push.Observed(result, _time.GetTimestamp())) _pushes.Remove(result.MessageId);
    }

    private void OnRouted(PushEvents.Routed routed)
    {
        if (_pushes.TryGetValue(routed.MessageId, out var push) && push.Routed(routed)) _pushes.Remove(routed.MessageId);
    }

    private void OnReport(RelayEvents.FanoutReport report)
    {
        if (_fanouts.TryGetValue(report.MessageId, out var fanout) && fanout.Observed(report)) _fanouts.Remove(report.MessageId);
    }

    private void OnSweep()
    {
        var now = _time.GetTimestamp();
        foreach (var (id, push) in _pushes)
        {
            if (push.IsOver(now)) _pushes.Remove(id);
        }

        foreach (var (id, fanout) in _fanouts)
        {
            if (fanout.IsOver(now)) _fanouts.Remove(id);
        }
    }
}
