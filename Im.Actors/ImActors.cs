using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using Akka.Cluster.Tools.PublishSubscribe;
using Im.Actors.Connections;
using Im.Actors.Connections.Commands;
using Im.Actors.Conversations;
using Im.Actors.Conversations.Store;
using Im.Actors.Downing;
using Im.Actors.Edge;
using Im.Actors.Links;
using Im.Actors.Nodes;
using Im.Actors.Nodes.Gate;
using Im.Actors.Relays;
using Im.Actors.Sessions;
using Im.Actors.Sessions.Revocations;
using Im.Actors.Telemetry;

namespace Im.Actors;

/// <summary>What the node's options decide about the actors.</summary>
/// <param name="Node">The node's name in connection ids and reports; unique in the cluster, without <c>-</c>.</param>
/// <param name="LanesCount">Ingress lanes, egress lanes and relays; 0 takes the number of cores.</param>
public sealed record ImActorsSettings(
    string Node,
    IReadOnlySet<uint> Apps,
    ConnectionLimits Limits,
    int MaxConnectionsCount,
    ConversationSettings Conversations,
    int LanesCount = 0)
{
    /// <summary>So long a connection on another node counts without being offered again; longer than a second.</summary>
    public TimeSpan SessionLease { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>A node that stood still is given up when no majority has confirmed it after so long.</summary>
    public TimeSpan GatePatience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>By it the node sees that it stood still.</summary>
    public TimeProvider GateClock { get; init; } = TimeProvider.System;
}

/// <summary>
/// The hops of a node, in the order in which a message travels them: lanes and connections, sessions, conversations,
/// relays, edges. Made with the host, started with the actor system.
/// </summary>
internal sealed class ImActors : INodeGauges, IDisposable
{
    private readonly ImActorsSettings _settings;
    private readonly TimeProvider _time;
    private readonly INodeParts _parts;
    private readonly IdentityServices _identity;
    private readonly IMessageStore _store;
    private readonly HeadTable _heads = new();
    private readonly DirectHeads _direct = new();
    private readonly CommandRouter _router;
    private readonly UserIndex _users = new();
    private readonly PeerTable _peers = new();
    private readonly EntityCounters _entities = new();
    private readonly IDisposable _observation;
    private IBroker? _broker;
    private IRevocations? _revocations;
    private GateClock? _gateClock;

    public ImActors(ImActorsSettings settings, IEnumerable<ICommandHandler> handlers, IMessageStore store, IdentityServices identity, INodeParts parts, TimeProvider time)
    {
        _settings = settings;
        _time = time;
        _parts = parts;
        _identity = identity;
        _store = store;
        _router = new CommandRouter(handlers);
        var lanes = settings.LanesCount > 0 ? settings.LanesCount : Environment.ProcessorCount;
        Hub = new ConnectionHub(settings.Limits, new ConnectionTable(settings.MaxConnectionsCount), time, lanes, _identity.Gate);
        _observation = ImMetrics.Observe(this);
    }

    public ConnectionHub Hub { get; }

    /// <summary>There once the actor system has started.</summary>
    public IBroker Broker => _broker ?? throw new InvalidOperationException("The actor system has not started.");

    /// <summary>There once the actor system has started.</summary>
    public IRevocations Revocations => _revocations ?? throw new InvalidOperationException("The actor system has not started.");

    public long Connections => Hub.Table.Count;

    public long LoggedIn => _users.ConnectionsCount;

    public long Sessions => _entities.Sessions;

    public long Conversations => _entities.Conversations;

    public long EgressBacklogBytes => Hub.Table.Snapshot().Sum(slot => (long)slot.PendingBytes);

    public long IngressDepth => Hub.IngressLanes.Sum(lane => (long)lane.Depth);

    public void Start(ActorSystem system)
    {
        StartGate(system);
        var mediator = DistributedPubSub.Get(system).Mediator;
        var publisher = system.ActorOf(TopicPublisherActor.Create(mediator), "im-publisher");
        var sharding = ClusterSharding.Get(system);
        var settings = ClusterShardingSettings.Create(system);
        var rollCall = system.ActorOf(RollCallActor.Create(_peers, _time), "im-roll-call");
        var view = new NodeView(_users, _peers, new RemoteParts(_time), rollCall, _settings.SessionLease);
        var session = SessionActor.Create(new SessionServices(_identity.Devices, _store, view, _time) { Entities = _entities });
        var sessions = sharding.Start(
            "session",
            id => SessionMessageExtractor.IsOffers(id) ? SessionOffersActor.Props : session,
            settings,
            new SessionMessageExtractor(),
            new SteadyAllocationStrategy(sharding.DefaultShardAllocationStrategy(settings)),
            SessionActor.Stop.Instance);
        var links = LinkTable.Of(system);
        var sessionHomes = new ShardHomes();
        var linkedSessions = new LinkedRegion((IInternalActorRef)sessions, new SessionMessageExtractor(), LinkRegion.Sessions, sessionHomes, links);
        var conversationServices = new ConversationServices(publisher, linkedSessions, Hub, _store, _settings.Conversations, view, _time) { Entities = _entities };
        var conversations = sharding.Start(
            "conversation",
            id => ConversationActor.Create(ConversationMessageExtractor.Parse(id), conversationServices),
            settings,
            new ConversationMessageExtractor(),
            new SteadyAllocationStrategy(sharding.DefaultShardAllocationStrategy(settings)),
            ConversationActor.Stop.Instance);

        var conversationHomes = new ShardHomes();
        var linkedConversations = new LinkedRegion((IInternalActorRef)conversations, new ConversationMessageExtractor(), LinkRegion.Conversations, conversationHomes, links);
        system.ActorOf(LinksActor.Create(sessions, conversations, _time), LinksActor.Name);
        system.ActorOf(ShardHomesActor.Create(sessions, sessionHomes, links), "im-session-homes");
        system.ActorOf(ShardHomesActor.Create(conversations, conversationHomes, links), "im-conversation-homes");

        var relayContext = new RelayContext(mediator, linkedConversations, Hub.EgressLanes, Hub.EgressLanes.Count, _settings.Node, _time, _parts, _store, _users, _heads, _peers, _settings.Conversations.CountThreshold);
        var relays = new RelayRefs([.. Enumerable.Range(0, relayContext.RelaysCount).Select(i => system.ActorOf(RelayActor.Create(relayContext, i), $"im-relay-{i}"))]);
        var services = new ConnectionServices
        {
            Router = _router,
            Sessions = linkedSessions,
            Conversations = linkedConversations,
            Relays = relays,
            Store = _store,
            Heads = _heads,
            Direct = _direct,
            Users = _users,
            Table = Hub.Table,
            Apps = _settings.Apps,
            Identity = _identity,
            Time = _time,
            Entities = _entities,
            Node = _settings.Node,
        };
        Hub.Start(system, services);
        if (_identity.Revocations is { } revocations) system.ActorOf(RevocationActor.Create(_store, revocations, services, mediator), "im-revocations");
        _revocations = new StoredRevocations(_store, mediator, _time);
        system.ActorOf(NodeActor.Create(services), NodeActor.Name);
        var changed = system.ActorOf(ChangedHeadsActor.Create(new ChangedHeadsContext(_store, relays, _users, _heads, _direct, _time, ChangedHeadsActor.Interval)), "im-changed-heads");
        var collector = system.ActorOf(PushCollectorActor.Create(_time), "im-pushes");
        var calls = system.ActorOf(OwnerCallsActor.Create(_time), "im-owner-calls");
        _broker = new Broker(system, services, publisher, collector, new OwnerCaller(calls, _time), _revocations);
        system.ActorOf(RegionProbeActor.Create(new Dictionary<string, IActorRef> { ["session"] = sessions, ["conversation"] = conversations }, Cluster.Get(system).SelfAddress, _parts, _time), "im-region-probe");
        var offers = system.ActorOf(OfferActor.Create(view, sessions), "im-offers");
        system.ActorOf(PeerWatchActor.Create(_peers, view.Remote, services.Watching, Hub.Table, [rollCall, offers, changed, .. relays.All]), "im-peers");
    }

    /// <summary>Before any entity can start.</summary>
    private void StartGate(ActorSystem system)
    {
        var gate = NodeGate.Of(system);
        gate.Start(_settings.GateClock, Cluster.Get(system).Settings.FailureDetectorConfig.GetTimeSpan("acceptable-heartbeat-pause"));
        system.ActorOf(GateActor.Create(gate, _parts, _settings.GatePatience), GateActor.Name);
        _gateClock = GateClock.Start(gate);
    }

    public void Dispose()
    {
        _gateClock?.Dispose();
        _observation.Dispose();
        Hub.Dispose();
    }
}
