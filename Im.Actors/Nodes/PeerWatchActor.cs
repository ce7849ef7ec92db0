using Akka.Actor;
using Akka.Cluster;
using Im.Actors.Connections;
using Im.Actors.Messages;

namespace Im.Actors.Nodes;

/// <summary>
/// One per node: follows the cluster for all entities and tables of the node, so that none watches another node itself. A node counts
/// as gone once it is down, not only when it has been removed.
/// </summary>
internal sealed class PeerWatchActor : UntypedActor, IWithTimers
{
    public static Props Create(PeerTable peers, RemoteParts remote, WatchIndex watching, ConnectionTable connections, IReadOnlyList<IActorRef> listeners) =>
        Props.Create(() => new PeerWatchActor(peers, remote, watching, connections, listeners));

    private sealed record Sweep : ILocalMessage
    {
        public static readonly Sweep Instance = new();
    }

    private sealed record RepeatDue : ILocalMessage
    {
        public static readonly RepeatDue Instance = new();
    }

    /// <summary>After a removal, so that the regions have heard of it too: what they are told before goes to the lost node still.</summary>
    private static readonly TimeSpan RepeatDelay = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(1);

    /// <summary>Watchers ask again over so long a time after a node has gone; the sessions meanwhile find out who is there.</summary>
    private static readonly TimeSpan RenewWithin = TimeSpan.FromSeconds(2);

    private readonly PeerTable _peers;
    private readonly RemoteParts _remote;
    private readonly WatchIndex _watching;
    private readonly ConnectionTable _connections;
    private readonly IReadOnlyList<IActorRef> _listeners;   // told PeerGone and ClusterChanged
    private readonly Cluster _cluster;
    private readonly HashSet<UniqueAddress> _others = [];
    private bool _isUp;

    public PeerWatchActor(PeerTable peers, RemoteParts remote, WatchIndex watching, ConnectionTable connections, IReadOnlyList<IActorRef> listeners)
    {
        _peers = peers;
        _remote = remote;
        _watching = watching;
        _connections = connections;
        _listeners = listeners;
        _cluster = Cluster.Get(Context.System);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        _cluster.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.IMemberEvent), typeof(ClusterEvent.ReachableMember));
        Timers.StartPeriodicTimer(nameof(Sweep), Sweep.Instance, SweepInterval);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ClusterEvent.MemberUp up: OnUp(up.Member); break;
            case ClusterEvent.MemberLeft left: OnUp(left.Member); break;
            case ClusterEvent.MemberExited exited: OnGone(exited.Member); break;
            case ClusterEvent.MemberDowned downed: OnGone(downed.Member); break;
            case ClusterEvent.MemberRemoved removed: OnRemoved(removed.Member); break;
            case ClusterEvent.ReachableMember: TellChanged(); break;
            case ClusterEvent.IMemberEvent: break;
            case Sweep: _remote.Sweep(); break;
            case RepeatDue: OnRepeatDue(); break;
            default: Unhandled(message); break;
        }
    }

    private void OnUp(Member member)
    {
        if (member.UniqueAddress.Equals(_cluster.SelfUniqueAddress)) _isUp = true;
        else if (!_others.Add(member.UniqueAddress)) return;
        Publish();
        TellChanged();
    }

    private void OnGone(Member member)
    {
        if (!_others.Remove(member.UniqueAddress)) return;
        Publish();
        var gone = new PeerGone(member.Address);
        _remote.Tell(gone);
        _watching.RenewWithin(RenewWithin);
        foreach (var listener in _listeners) listener.Tell(gone);
        TellChanged();
    }

    /// <summary>From now on what goes to its shards waits for their new place; what was sent to them since it was lost may have gone nowhere.</summary>
    private void OnRemoved(Member member)
    {
        OnGone(member);
        _watching.RenewWithin(RenewWithin);
        TellChanged();
        Timers.StartSingleTimer(nameof(RepeatDue), RepeatDue.Instance, RepeatDelay);
    }

    private void OnRepeatDue()
    {
        foreach (var slot in _connections.Snapshot()) slot.Deliver(ConnectionCommands.Repeat.Instance);
    }

    private void Publish()
    {
        if (_isUp) _peers.Set(_others.Select(other => other.Address));
    }

    private void TellChanged()
    {
        foreach (var listener in _listeners) listener.Tell(ClusterChanged.Instance);
    }

    protected override void PostStop() => _cluster.Unsubscribe(Self);
}
