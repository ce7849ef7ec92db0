using Akka.Actor;
using Akka.Event;
using Im.Actors.Administration;
using Im.Actors.Connections.Draining;
using Im.Actors.Connections.Streams;
using Im.Actors.Conversations;
using Im.Actors.Nodes.Gate;
using Im.Actors.Sessions;
using Im.Protocol;

namespace Im.Actors.Connections;

/// <summary>The node's lanes, wheel and table: what a socket is given when its upgrade has succeeded.</summary>
internal sealed class ConnectionHub : IConnectionHub, IFanoutGate, IDisposable
{
    /// <summary>Spawning is parallel over so many parents.</summary>
    private const int SupervisorsCount = 64;

    /// <summary>Deliveries that may wait for the lanes before new messages are refused with 1016.</summary>
    private const int BacklogMax = 1_000_000;

    private readonly EgressLane[] _egress;
    private readonly IngressLane[] _ingress;
    private IActorRef[] _supervisors = [];
    private ILoggingAdapter? _log;
    private readonly TimeProvider _time;
    private readonly LoginGate _gate;
    private NodeGate? _nodeGate;
    private volatile bool _draining;
    private volatile ClientDrain? _drain;
    private uint _bare;

    public ConnectionHub(ConnectionLimits limits, ConnectionTable table, TimeProvider time, int lanes, LoginGate gate)
    {
        Limits = limits;
        Table = table;
        _time = time;
        _gate = gate;
        Wheel = new TimerWheel(time, ReportFailure);
        _egress = [.. Enumerable.Range(0, lanes).Select(i => new EgressLane(i, Wheel, ReportFailure))];
        _ingress = [.. Enumerable.Range(0, lanes).Select(_ => new IngressLane())];
    }

    public TimerWheel Wheel { get; }

    public ConnectionLimits Limits { get; }

    public ConnectionTable Table { get; }

    public IReadOnlyList<EgressLane> EgressLanes => _egress;

    public IReadOnlyList<IngressLane> IngressLanes => _ingress;

    /// <summary>Deliveries that wait in the egress lanes.</summary>
    public long Backlog => _egress.Sum(lane => (long)lane.Backlog);

    /// <summary>How far the drain is; null unless there is one.</summary>
    public DrainProgress? Drain => _drain?.Progress;

    public bool IsOverloaded => Backlog > BacklogMax;

    /// <summary>Starts the lanes and the parents of the connections. Called once, before the listener opens.</summary>
    public void Start(ActorSystem system, ConnectionServices services)
    {
        _log = system.Log;
        _nodeGate = NodeGate.Of(system);
        for (var i = 0; i < _ingress.Length; i++) system.ActorOf(IngressLaneActor.Create(_ingress[i]), $"im-ingress-{i}");
        var connection = ConnectionActor.Create(services);
        _supervisors = [.. Enumerable.Range(0, SupervisorsCount).Select(i => system.ActorOf(ConnectionSupervisor.Create(connection), $"im-connections-{i}"))];
    }

    public bool TryReserve() => !_draining && _supervisors.Length > 0 && _nodeGate!.IsOpen && Table.TryReserve();

    public void Release() => Table.Unreserve();

    public ConnectionSlot Open(ISocketTransport transport)
    {
        var slot = Table.Add(number =>
        {
            var lane = (int)(number & 0xFFFFFF) % _egress.Length;
            return new ConnectionSlot(number, transport, _egress[lane], _ingress[lane], Limits);
        });
        slot.Arm();
        _supervisors[slot.Number % SupervisorsCount].Tell(new ConnectionSupervisor.Spawn(slot));

        if (!_gate.Stranger(transport.RemoteEndPoint.Address)) slot.Close(CloseCode.RateExceeded, "too many connections of this address have not logged in");

        // Its place was reserved before the drain began, and the drain may have made its list already.
        if (_draining) slot.GoNow();
        return slot;
    }

    public TSlot OpenBare<TSlot>(Func<EgressLane, ConnectionLimits, TSlot> create)
        where TSlot : OutboundSlot =>
        create(_egress[Interlocked.Increment(ref _bare) % _egress.Length], Limits);

    /// <summary>No newcomers; every connection is told to go in its turn. Ends when all have gone, or with the token.</summary>
    public Task DrainAsync(DrainPace pace, CancellationToken cancellation)
    {
        _draining = true;
        _drain = new ClientDrain(Table, pace, _time);
        return _drain.RunAsync(cancellation);
    }

    private void ReportFailure(Exception e) => _log?.Error(e, "A lane's job or a deadline failed; the others go on");

    public void Dispose()
    {
        foreach (var lane in _egress) lane.Dispose();
        Wheel.Dispose();
    }
}
