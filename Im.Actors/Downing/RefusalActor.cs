using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using Akka.Remote;
using Im.Actors.Messages;
using Im.Actors.Telemetry;

namespace Im.Actors.Downing;

/// <summary>
/// One per node: takes a node whose process is gone out of the cluster at once; failure detector and split-brain resolver need over ten seconds for
/// that. When the association to a member ends or it becomes unreachable, its remoting port is tried. That it refuses is told to the other
/// members, and when a majority has seen it of the same incarnation, each of them downs it (rules.md §5).
/// </summary>
/// <remarks>
/// A frozen process, a cut link and a host that is away refuse nothing: they are left to the split-brain resolver. Bound: one try a suspect at a time, one
/// observation a member and suspect.
/// </remarks>
internal sealed class RefusalActor : UntypedActor, IWithTimers
{
    public const string Name = "im-refusals";

    public static Props Create(IPortProbe probe, RefusalSettings settings, TimeProvider time) =>
        Props.Create(() => new RefusalActor(probe, settings, time)).WithDispatcher("akka.actor.internal-dispatcher");

    private sealed record Tick : ILocalMessage
    {
        public static readonly Tick Instance = new();
    }

    private sealed record Tried(UniqueAddress Node, PortState State) : ILocalMessage;

    private sealed class Suspect
    {
        public bool IsTrying;
        public int InARow;          // refusals
        public bool IsUnreachable;  // by the failure detector of any member
        public bool IsDowned;       // by a majority's observation
        public required TimeSpan Since;
    }

    private readonly IPortProbe _probe;
    private readonly RefusalSettings _settings;
    private readonly TimeProvider _time;
    private readonly long _startedAt;
    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private readonly IRemoteActorRefProvider _remoting = (IRemoteActorRefProvider)((ExtendedActorSystem)Context.System).Provider;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly HashSet<UniqueAddress> _members = [];   // Up or Leaving, this node among them
    private readonly Dictionary<UniqueAddress, Suspect> _suspects = [];
    private readonly Suspects _published = Suspects.Of(Context.System);
    private readonly RefusalTally _tally;

    public RefusalActor(IPortProbe probe, RefusalSettings settings, TimeProvider time)
    {
        _probe = probe;
        _settings = settings;
        _time = time;
        _startedAt = time.GetTimestamp();
        _tally = new RefusalTally(settings.Lifetime);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private TimeSpan Now => _time.GetElapsedTime(_startedAt);

    protected override void PreStart()
    {
        _cluster.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.IMemberEvent), typeof(ClusterEvent.IReachabilityEvent));
        Context.System.EventStream.Subscribe(Self, typeof(AssociationEvent));
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ClusterEvent.MemberUp up: _members.Add(up.Member.UniqueAddress); break;
            case ClusterEvent.MemberLeft left: _members.Add(left.Member.UniqueAddress); break;
            case ClusterEvent.MemberRemoved removed: OnRemoved(removed.Member.UniqueAddress); break;
            case ClusterEvent.IMemberEvent other: _members.Remove(other.Member.UniqueAddress); break;
            case ClusterEvent.UnreachableMember unreachable: OnUnreachable(unreachable.Member.UniqueAddress); break;
            case ClusterEvent.ReachableMember reachable: Clear(reachable.Member.UniqueAddress); break;
            case AssociatedEvent associated: OnAssociated(associated.RemoteAddress); break;
            case DisassociatedEvent lost: OnLost(lost.RemoteAddress); break;
            case AssociationErrorEvent failed: OnLost(failed.RemoteAddress); break;
            case AssociationEvent: break;
            case Tried tried: OnTried(tried); break;
            case RefusalMessages.Refused refused: OnRefused(refused); break;
            case Tick: OnTick(); break;
            default: Unhandled(message); break;
        }
    }

    private void OnRemoved(UniqueAddress node)
    {
        _members.Remove(node);
        if (_suspects.GetValueOrDefault(node) is { IsDowned: true } suspect)
            _log.Warning("{0} is out of the cluster, {1:F1} s after it was lost", Text(node), (Now - suspect.Since).TotalSeconds);
        Clear(node);
        _tally.Forget(node);
    }

    private void OnUnreachable(UniqueAddress node)
    {
        if (_members.Contains(node)) SuspectOf(node).IsUnreachable = true;
    }

    /// <summary>Something answers at that address; if it is another incarnation, its join takes the old one out.</summary>
    private void OnAssociated(Address address)
    {
        if (MemberAt(address) is { } node && _suspects.GetValueOrDefault(node) is { IsUnreachable: false, IsDowned: false }) Clear(node);
    }

    private void OnLost(Address address)
    {
        if (MemberAt(address) is { } node) SuspectOf(node);
    }

    private void OnTried(Tried tried)
    {
        if (!_suspects.TryGetValue(tried.Node, out var suspect)) return;
        suspect.IsTrying = false;
        if (tried.State == PortState.Refused)
        {
            if (++suspect.InARow >= _settings.Tries) Observe(tried.Node, isFirst: suspect.InARow == _settings.Tries);
            return;
        }

        suspect.InARow = 0;
        _tally.Remove(tried.Node, _cluster.SelfUniqueAddress);
        if (tried.State == PortState.Listening && !suspect.IsUnreachable) Clear(tried.Node);
    }

    private void OnRefused(RefusalMessages.Refused refused)
    {
        if (!_members.Contains(refused.Node) || !_members.Contains(refused.By)) return;
        _tally.Add(refused.Node, refused.By, Now);
        SuspectOf(refused.Node);
        Decide(refused.Node);
    }

    private void OnTick()
    {
        foreach (var (node, suspect) in _suspects)
        {
            if (suspect.IsDowned) Down(node);
            else if (!suspect.IsTrying) Try(node, suspect);
        }
    }

    private Suspect SuspectOf(UniqueAddress node)
    {
        if (_suspects.TryGetValue(node, out var suspect)) return suspect;
        _suspects[node] = suspect = new Suspect { Since = Now };
        Publish();
        if (!Timers.IsTimerActive(nameof(Tick))) Timers.StartPeriodicTimer(nameof(Tick), Tick.Instance, _settings.Interval);
        Try(node, suspect);
        return suspect;
    }

    private void Clear(UniqueAddress node)
    {
        _suspects.Remove(node);
        Publish();
        _tally.Remove(node, _cluster.SelfUniqueAddress);
        if (_suspects.Count == 0) Timers.Cancel(nameof(Tick));
    }

    private void Publish() => _published.Set(_suspects.Keys.Select(node => node.Address));

    private void Try(UniqueAddress node, Suspect suspect)
    {
        suspect.IsTrying = true;
        _probe.TryAsync(node.Address.Host, node.Address.Port!.Value)
            .PipeTo(Self, success: state => new Tried(node, state), failure: _ => new Tried(node, PortState.Unknown));
    }

    private void Observe(UniqueAddress node, bool isFirst)
    {
        if (isFirst)
        {
            ImMetrics.PeerRefused(isDowned: false);
            _log.Warning("{0} refuses connections: no process listens there", Text(node));
        }

        var self = _cluster.SelfUniqueAddress;
        _tally.Add(node, self, Now);
        var observation = new RefusalMessages.Refused(node, self);
        foreach (var other in _members.Where(other => !other.Equals(self) && !other.Equals(node)))
            Context.ActorSelection(new RootActorPath(other.Address) / "user" / Name).Tell(observation, Self);
        Decide(node);
    }

    private void Decide(UniqueAddress node)
    {
        if (!_suspects.TryGetValue(node, out var suspect) || suspect.IsDowned) return;
        if (_tally.Majority(node, _members, Now) is not { Count: > 0 } observers) return;
        suspect.IsDowned = true;
        ImMetrics.PeerRefused(isDowned: true);
        _log.Warning("{0} is gone, its port refuses {1}: taken out of the cluster", Text(node), string.Join(", ", observers.Select(Text).Order(StringComparer.Ordinal)));
        Down(node);
    }

    /// <summary>
    /// To be removed a member has to be down and unreachable. The quarantine names the incarnation and makes it unreachable without waiting for the
    /// failure detector; it is of no effect while a new connection is tried, so this is done again until the member is removed.
    /// </summary>
    private void Down(UniqueAddress node)
    {
        // Down takes an address: it is not for whoever has it now.
        if (!_cluster.State.Members.Any(member => member.UniqueAddress.Equals(node))) return;
        _remoting.Quarantine(node.Address, node.Uid);
        _cluster.Down(node.Address);
    }

    private UniqueAddress? MemberAt(Address address) =>
        _members.FirstOrDefault(member => member.Address.Equals(address) && !member.Equals(_cluster.SelfUniqueAddress));

    private static string Text(UniqueAddress node) => $"{node.Address.Host}:{node.Address.Port}";

    protected override void PostStop()
    {
        _published.Set([]);
        _cluster.Unsubscribe(Self);
        Context.System.EventStream.Unsubscribe(Self);
    }
}
