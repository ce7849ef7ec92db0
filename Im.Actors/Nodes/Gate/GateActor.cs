using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using Im.Actors.Messages;
using Im.Actors.Telemetry;

namespace Im.Actors.Nodes.Gate;

/// <summary>
/// One per node: when the gate has closed, asks the others whether this incarnation is Up for them, and opens it once a majority of the
/// members has said so, this node counting for itself. Gives the node up when they say that it is out, or say nothing for too long.
/// Answers the same question of others, whatever its own gate does.
/// </summary>
internal sealed class GateActor : UntypedActor, IWithTimers
{
    public const string Name = "im-gate";

    /// <param name="patience">So long without a majority, and the node is given up.</param>
    public static Props Create(NodeGate gate, INodeParts parts, TimeSpan patience) => Props.Create(() => new GateActor(gate, parts, patience));

    private sealed record HasClosed : ILocalMessage
    {
        public static readonly HasClosed Instance = new();
    }

    private sealed record AskAgain : ILocalMessage
    {
        public static readonly AskAgain Instance = new();
    }

    private sealed record HasJoined : ILocalMessage
    {
        public static readonly HasJoined Instance = new();
    }

    private static readonly TimeSpan AskInterval = TimeSpan.FromMilliseconds(250);

    private readonly NodeGate _gate;
    private readonly INodeParts _parts;
    private readonly long _patienceMs;
    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private GateBallot? _ballot;   // while it is closed
    private long _closedAtMs;
    private long _countedToMs;     // of the time that it is closed
    private bool _isMember;        // has been Up: before that nobody can have replaced it
    private bool _isGivenUp;

    public GateActor(NodeGate gate, INodeParts parts, TimeSpan patience)
    {
        _gate = gate;
        _parts = parts;
        _patienceMs = (long)patience.TotalMilliseconds;
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        var self = Self;
        _isMember = IsCounted(_cluster.SelfMember);   // a restarted one asks, too
        _cluster.RegisterOnMemberUp(() => self.Tell(HasJoined.Instance));
        _gate.OnClosed = () => self.Tell(HasClosed.Instance);
        if (_gate.IsOpen) _parts.Ready(NodePart.Gate);
        else OnClosed();
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case GateMessages.Ask ask: OnAsk(ask); break;
            case GateMessages.Answer answer: OnAnswer(answer); break;
            case AskAgain: OnAskAgain(); break;
            case HasClosed: OnClosed(); break;
            case HasJoined: _isMember = true; break;
            default: Unhandled(message); break;
        }
    }

    private void OnAsk(GateMessages.Ask ask)
    {
        var standing = StandingOf(new UniqueAddress(Sender.Path.Address, ask.Uid));
        Sender.Tell(new GateMessages.Answer(ask.At, _cluster.SelfUniqueAddress.Uid, standing));
    }

    /// <summary>An answer to what was asked before the gate closed says nothing of now.</summary>
    private void OnAnswer(GateMessages.Answer answer)
    {
        if (_ballot is null || answer.At < _closedAtMs) return;
        _ballot.Add(new UniqueAddress(Sender.Path.Address, answer.Uid), answer.Standing, answer.At);
        Count();
    }

    private void OnAskAgain()
    {
        CountTime();
        Count();
        if (_ballot is not null) Ask();
    }

    private void OnClosed()
    {
        if (_ballot is not null || _gate.IsOpen) return;   // told of a closing that is over
        _ballot = new GateBallot();
        _closedAtMs = _countedToMs = _gate.NowMs;
        _isGivenUp = false;
        ImMetrics.GateClosed();
        _parts.NotReady(NodePart.Gate, "stood still, waits for the others to confirm it");
        _log.Warning("This node stood still for longer than others wait for it: it takes and decides nothing until a majority of the nodes confirms it");
        Timers.StartPeriodicTimer(nameof(AskAgain), AskAgain.Instance, AskInterval);
        Count();
        if (_ballot is not null) Ask();
    }

    private void Count()
    {
        var others = Others();
        var now = _gate.NowMs;
        if (!_isMember)
        {
            Open(others.Count, now);
            return;
        }

        var (verdict, up, atMs) = _ballot!.Count(others, now);
        if (verdict == GateVerdict.Confirmed && IsCounted(_cluster.SelfMember)) Open(up, atMs);
        else if (verdict == GateVerdict.Refused) GiveUp($"The cluster has gone on without this node, which stood still: of {others.Count + 1} nodes a majority says that it is out");
        else if (now - _closedAtMs >= _patienceMs) GiveUp($"This node stood still, and within {_patienceMs / 1000} s no majority of {others.Count + 1} nodes confirmed that it is one of them ({up} did)");
    }

    private void Open(int up, long atMs)
    {
        if (!_gate.Open(atMs)) return;
        CountTime();
        _ballot = null;
        Timers.Cancel(nameof(AskAgain));
        _parts.Ready(NodePart.Gate);
        _log.Warning("This node goes on after {0} ms: {1} nodes with itself say that it is one of them", _gate.NowMs - _closedAtMs, up);
    }

    /// <summary>The process ends then, unless it is being stopped; so the others are asked on.</summary>
    private void GiveUp(string why)
    {
        if (_isGivenUp) return;
        _isGivenUp = true;
        _parts.Lost(NodePart.Gate, why);
    }

    private void Ask()
    {
        var ask = new GateMessages.Ask(_gate.NowMs, _cluster.SelfUniqueAddress.Uid);
        foreach (var node in Others()) Context.ActorSelection(new RootActorPath(node.Address) / "user" / Name).Tell(ask, Self);
    }

    private void CountTime()
    {
        var now = _gate.NowMs;
        ImMetrics.GateWasClosed(now - _countedToMs);
        _countedToMs = now;
    }

    private List<UniqueAddress> Others() =>
        [.. _cluster.State.Members.Where(IsCounted).Select(member => member.UniqueAddress).Where(node => !node.Equals(_cluster.SelfUniqueAddress))];

    private GateStanding StandingOf(UniqueAddress node)
    {
        var state = _cluster.State;
        if (!IsCounted(_cluster.SelfMember)) return GateStanding.Unsure;
        return state.Members.FirstOrDefault(member => member.UniqueAddress.Equals(node)) switch
        {
            null => GateStanding.Out,
            { Status: MemberStatus.Joining or MemberStatus.WeaklyUp } => GateStanding.Unsure,
            { } member when !IsCounted(member) => GateStanding.Out,
            { } member => state.Unreachable.Contains(member) ? GateStanding.Unreachable : GateStanding.Up,
        };
    }

    /// <summary>As the split-brain resolver counts: of those that were let in and have not begun to leave for good.</summary>
    private static bool IsCounted(Member member) => member.Status is MemberStatus.Up or MemberStatus.Leaving;

    /// <summary>A restart changes nothing for the gate.</summary>
    protected override void PreRestart(Exception reason, object message)
    {
    }

    protected override void PostStop() => _gate.End();
}
