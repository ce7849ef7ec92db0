using Akka.Actor;
using Akka.Cluster;

namespace Im.Actors.Links;

/// <summary>One per node: keeps a link to every other node that is Up, and makes the receiving ends that other nodes ask for.</summary>
internal sealed class LinksActor : UntypedActor
{
    public const string Name = "im-links";

    /// <param name="sessions">The region of this node, without links.</param>
    /// <param name="conversations">Likewise.</param>
    public static Props Create(IActorRef sessions, IActorRef conversations, TimeProvider time) => Props.Create(() => new LinksActor(sessions, conversations, time));

    private readonly IActorRef _sessions;
    private readonly IActorRef _conversations;
    private readonly TimeProvider _time;
    private readonly Cluster _cluster;
    private readonly LinkTable _links;
    private readonly Dictionary<Address, IActorRef> _sending = [];
    private readonly Dictionary<Address, IActorRef> _receiving = [];

    public LinksActor(IActorRef sessions, IActorRef conversations, TimeProvider time)
    {
        _sessions = sessions;
        _conversations = conversations;
        _time = time;
        _cluster = Cluster.Get(Context.System);
        _links = LinkTable.Of(Context.System);
    }

    protected override void PreStart() =>
        _cluster.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.IMemberEvent));

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case LinkMessages.Hello hello: OnHello(hello); break;
            case ClusterEvent.MemberUp up: OnUp(up.Member.Address); break;
            case ClusterEvent.MemberLeft left: OnUp(left.Member.Address); break;
            case ClusterEvent.MemberRemoved removed: OnRemoved(removed.Member.Address); break;
            case ClusterEvent.IMemberEvent: break;
            default: Unhandled(message); break;
        }
    }

    /// <summary>Members only; one that this node has not heard of yet asks again.</summary>
    private void OnHello(LinkMessages.Hello hello)
    {
        var peer = Sender.Path.Address;
        if (!_cluster.State.Members.Any(member => member.Address.Equals(peer))) return;
        if (!_receiving.TryGetValue(peer, out var receiver)) _receiving[peer] = receiver = Context.ActorOf(LinkReceiverActor.Create(_sessions, _conversations));
        receiver.Forward(hello);
    }

    private void OnUp(Address peer)
    {
        if (peer.Equals(_cluster.SelfAddress) || _sending.ContainsKey(peer)) return;
        var door = Context.ActorSelection(new RootActorPath(peer) / "user" / Name);
        _sending[peer] = Context.ActorOf(NodeLinkActor.Create(peer, door, _links, _time));
    }

    private void OnRemoved(Address peer)
    {
        if (_sending.Remove(peer, out var sending)) Context.Stop(sending);
        if (_receiving.Remove(peer, out var receiving)) Context.Stop(receiving);
    }

    protected override void PostStop() => _cluster.Unsubscribe(Self);
}
