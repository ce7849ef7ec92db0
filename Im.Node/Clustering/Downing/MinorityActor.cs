using Akka.Actor;
using Akka.Cluster;
using Im.Node.Configuration;
using Im.Node.Lifetime;

namespace Im.Node.Clustering.Downing;

/// <summary>
/// Ends this node when it has reached fewer than half of the members for <see cref="DefaultPatience"/>. The majority's split-brain resolver takes it out some
/// seconds later (<c>stable-after</c> in hocon/im.conf) and needs no margin after that: whoever was cut off has left before its users are
/// given to others.
/// </summary>
/// <remarks>
/// By what its own failure detector says: what others cannot reach is no reason to leave. In clusters of more than ten, where a node has heartbeats
/// with some of the others only, the resolver of its own side decides in most cases.
/// </remarks>
internal sealed class MinorityActor : UntypedActor, IWithTimers
{
    /// <summary>Less than <c>stable-after</c> by what two nodes' failure detectors and clocks may differ.</summary>
    public static readonly TimeSpan DefaultPatience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <summary>Between two ticks: this process itself stood still, and hears of the others only now.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    public static Props Create(IProcessEnd end, TimeSpan patience, TimeProvider time) =>
        Props.Create(() => new MinorityActor(end, patience, time)).WithDispatcher("akka.actor.internal-dispatcher");

    private sealed record Tick : INoSerializationVerificationNeeded
    {
        public static readonly Tick Instance = new();
    }

    private readonly IProcessEnd _end;
    private readonly TimeSpan _patience;
    private readonly TimeProvider _time;
    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private long? _since;
    private long _tickedAt;

    public MinorityActor(IProcessEnd end, TimeSpan patience, TimeProvider time)
    {
        _end = end;
        _patience = patience;
        _time = time;
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Timers.StartPeriodicTimer(nameof(Tick), Tick.Instance, Interval);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Tick: OnTick(); break;
            default: Unhandled(message); break;
        }
    }

    private void OnTick()
    {
        var now = _time.GetTimestamp();
        if (_time.GetElapsedTime(_tickedAt, now) > LongestPause) _since = null;
        _tickedAt = now;
        var members = _cluster.State.Members.Where(member => member.Status is MemberStatus.Up or MemberStatus.Leaving).Select(member => member.UniqueAddress).ToList();
        var reached = members.Count(member => member.Equals(_cluster.SelfUniqueAddress) || _cluster.FailureDetector.IsAvailable(member.Address));
        if (!members.Contains(_cluster.SelfUniqueAddress) || reached * 2 >= members.Count)
        {
            _since = null;
            return;
        }

        _since ??= now;
        if (_time.GetElapsedTime(_since.Value, now) >= _patience)
            _end.End(ExitCodes.Downed, $"This node has reached {reached} of {members.Count} nodes for {_patience.TotalSeconds:F0} s: the others go on without it");
    }
}
