using Akka.Actor;
using Akka.Cluster;
using Akka.Remote;
using Im.Node.Configuration;
using Im.Node.Health;
using Im.Node.Lifetime;

namespace Im.Node.Clustering.Staying;

/// <summary>
/// Ready while this node is Up and reaches a majority of the members; ends the process when the cluster goes on without it. The
/// actor system of such a node can never join again: only a new process can.
/// </summary>
internal sealed class MembershipActor : UntypedActor
{
    public static Props Create(NodeReadiness readiness, IProcessEnd end) => Props.Create(() => new MembershipActor(readiness, end));

    /// <summary>The cluster part of this system has ended.</summary>
    private sealed record Ended : INoSerializationVerificationNeeded
    {
        public static readonly Ended Instance = new();
    }

    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private readonly NodeReadiness _readiness;
    private readonly IProcessEnd _end;
    private readonly Dictionary<UniqueAddress, MemberStatus> _members = [];
    private readonly HashSet<UniqueAddress> _unreachable = [];
    private bool? _isIn;

    public MembershipActor(NodeReadiness readiness, IProcessEnd end)
    {
        _readiness = readiness;
        _end = end;
    }

    protected override void PreStart()
    {
        var self = Self;
        _cluster.RegisterOnMemberRemoved(() => self.Tell(Ended.Instance));
        _cluster.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.IMemberEvent), typeof(ClusterEvent.IReachabilityEvent));
        Context.System.EventStream.Subscribe(Self, typeof(ThisActorSystemQuarantinedEvent));
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ClusterEvent.MemberDowned downed when IsSelf(downed.Member): OnOut("The cluster has downed this node"); break;
            case ClusterEvent.MemberRemoved removed: OnRemoved(removed.Member); break;
            case ClusterEvent.IMemberEvent changed: OnMember(changed.Member); break;
            case ClusterEvent.UnreachableMember unreachable: OnReachability(unreachable.Member, isReachable: false); break;
            case ClusterEvent.ReachableMember reachable: OnReachability(reachable.Member, isReachable: true); break;
            case ThisActorSystemQuarantinedEvent quarantined: OnOut($"This node was quarantined by {ClusterAddress.Text(quarantined.RemoteAddress)}"); break;
            case Ended: OnOut("This node is no member of the cluster any more"); break;
            default: Unhandled(message); break;
        }
    }

    private void OnRemoved(Member member)
    {
        _members.Remove(member.UniqueAddress);
        _unreachable.Remove(member.UniqueAddress);
        if (IsSelf(member)) OnOut("The cluster has removed this node");
        else Tell();
    }

    private void OnMember(Member member)
    {
        _members[member.UniqueAddress] = member.Status;
        Tell();
    }

    private void OnReachability(Member member, bool isReachable)
    {
        if (isReachable) _unreachable.Remove(member.UniqueAddress);
        else _unreachable.Add(member.UniqueAddress);
        Tell();
    }

    private void OnOut(string why)
    {
        _isIn = false;
        _readiness.NotReady(NodePart.Cluster, "left the cluster");
        _end.End(ExitCodes.Downed, why);
    }

    /// <summary>A majority as the split-brain resolver counts it: of those that were let in and have not begun to leave for good.</summary>
    private void Tell()
    {
        var counted = _members.Where(member => member.Value is MemberStatus.Up or MemberStatus.Leaving).Select(member => member.Key).ToList();
        var isUp = _members.TryGetValue(_cluster.SelfUniqueAddress, out var status) && status == MemberStatus.Up;
        var reached = counted.Count(member => !_unreachable.Contains(member));
        var isIn = isUp && reached * 2 > counted.Count;
        if (isIn == _isIn) return;
        if (isIn) _readiness.Ready(NodePart.Cluster);
        else if (isUp) _readiness.NotReady(NodePart.Cluster, $"reaches {reached} of {counted.Count} nodes");
        else if (status is MemberStatus.Leaving or MemberStatus.Exiting) _readiness.NotReady(NodePart.Cluster, "leaving the cluster");
        else return;
        _isIn = isIn;
    }

    private bool IsSelf(Member member) => member.UniqueAddress.Equals(_cluster.SelfUniqueAddress);
}
