using Akka.Actor;
using Im.Actors.Messages;
using Im.Actors.Relays;
using Im.Actors.Sessions;

namespace Im.Actors.Edge;

/// <summary>
/// Collects what is observed of the pushes that this node's edges have under way, by message id. One actor for all of
/// them, so that a push costs no actor and no timer of its own: a sweep ends those whose time is up.
/// </summary>
/// <remarks>
/// Bound: pushes under way are the edges' open calls, each of which ends by its time-out. Stored pushes are watched on
/// for <see cref="KeptFor"/>, at most <see cref="MaxKeptCount"/>; then the oldest goes first, and the store alone knows.
/// </remarks>
internal sealed class PushCollectorActor : UntypedActor, IWithTimers
{
    public const int MaxKeptCount = 10_000;

    public static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(60);

    public static Props Create(TimeProvider time) => Props.Create(() => new PushCollectorActor(time)).WithDispatcher("im.lane-dispatcher");

    /// <summary>Watch for results of this push; sent before the push itself.</summary>
    public sealed record Expect(PendingPush Push) : ILocalMessage;

    /// <summary>The push is on disk.</summary>
    public sealed record Stored(string MessageId) : ILocalMessage;

    /// <summary>The push was not taken: nothing will come.</summary>
    public sealed record Forget(string MessageId) : ILocalMessage;

    /// <summary>What was observed of a push until now? Answered by <see cref="Found"/>.</summary>
    public sealed record Find(string MessageId) : ILocalMessage;

    /// <param name="Devices">Empty when nothing is known, or no more.</param>
    public sealed record Found(IReadOnlyList<DeviceDelivery> Devices) : ILocalMessage;

    public sealed record ExpectFanout(PendingFanout Fanout) : ILocalMessage;

    private sealed record Sweep : INoSerializationVerificationNeeded
    {
        public static readonly Sweep Instance = new();
    }

    private readonly TimeProvider _time;
    private readonly Dictionary<string, PendingPush> _pushes = [];
    private readonly Dictionary<string, PendingFanout> _fanouts = [];
    private readonly Dictionary<string, PendingPush> _kept = [];              // answered already
    private readonly Queue<(string MessageId, long At)> _keptOrder = new();

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
            case Stored stored: OnStored(stored); break;
            case Forget forget: _pushes.Remove(forget.MessageId); break;
            case Find find: OnFind(find); break;
            case RelayEvents.FanoutReport report: OnReport(report); break;
            case ExpectFanout expect: _fanouts[expect.Fanout.MessageId] = expect.Fanout; break;
            case Sweep: OnSweep(); break;
            default: Unhandled(message); break;
        }
    }

    private void OnDeviceResult(PushEvents.DeviceResult result)
    {
        if (WatchedBy(result.MessageId) is { } push && push.Observed(result, _time.GetTimestamp())) End(push);
    }

    private void OnRouted(PushEvents.Routed routed)
    {
        if (WatchedBy(routed.MessageId) is { } push && push.Routed(routed)) End(push);
    }

    private void OnStored(Stored stored)
    {
        if (WatchedBy(stored.MessageId) is { } push && push.Stored()) End(push);
    }

    private void OnFind(Find find) => Sender.Tell(new Found(WatchedBy(find.MessageId)?.Devices ?? []));

    private void OnReport(RelayEvents.FanoutReport report)
    {
        if (_fanouts.TryGetValue(report.MessageId, out var fanout) && fanout.Observed(report)) _fanouts.Remove(report.MessageId);
    }

    private void OnSweep()
    {
        var now = _time.GetTimestamp();
        foreach (var (_, push) in _pushes)
        {
            if (push.IsOver(now)) End(push);
        }

        foreach (var (id, fanout) in _fanouts)
        {
            if (fanout.IsOver(now)) _fanouts.Remove(id);
        }

        while (_keptOrder.TryPeek(out var oldest) && _time.GetElapsedTime(oldest.At, now) >= KeptFor) _kept.Remove(_keptOrder.Dequeue().MessageId);
    }

    private PendingPush? WatchedBy(string messageId) =>
        _pushes.TryGetValue(messageId, out var push) || _kept.TryGetValue(messageId, out push) ? push : null;

    /// <summary>The caller has its answer; of a stored push more may be asked later.</summary>
    private void End(PendingPush push)
    {
        if (!_pushes.Remove(push.MessageId) || !push.IsDurable) return;
        _kept[push.MessageId] = push;
        _keptOrder.Enqueue((push.MessageId, _time.GetTimestamp()));
        if (_keptOrder.Count > MaxKeptCount) _kept.Remove(_keptOrder.Dequeue().MessageId);
    }
}
