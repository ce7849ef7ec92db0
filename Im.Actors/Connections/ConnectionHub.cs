using Akka.Actor;
using Akka.Event;
using Im.Actors.Connections.Streams;
using Im.Actors.Conversations;
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
    private volatile bool _draining;
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

    public bool IsOverloaded => Backlog > BacklogMax;

    /// <summary>Starts the lanes and the parents of the connections. Called once, before the listener opens.</summary>
    public void Start(ActorSystem system, ConnectionServices services)
    {
        _log = system.Log;
        for (var i = 0; i < _ingress.Length; i++) system.ActorOf(IngressLaneActor.Create(_ingress[i]), $"im-ingress-{i}");
        var connection = ConnectionActor.Create(services);
        _supervisors = [.. Enumerable.Range(0, SupervisorsCount).Select(i => system.ActorOf(ConnectionSupervisor.Create(connection), $"im-connections-{i}"))];
    }

    public bool TryReserve() => !_draining && _supervisors.Length > 0 && Table.TryReserve();

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
        if (_draining) slot.Deliver(ConnectionCommands.Drain.Instance);
        return slot;
    }

    public TSlot OpenBare<TSlot>(Func<EgressLane, ConnectionLimits, TSlot> create)
        where TSlot : OutboundSlot =>
        create(_egress[Interlocked.Increment(ref _bare) % _egress.Length], Limits);

    /// <summary>
    /// No newcomers; every connection is told to go, spread over at most <paramref name="pace"/>. Ends when
    /// all have gone, or with the token.
    /// </summary>
    public async Task DrainAsync(TimeSpan pace, CancellationToken cancellation)
    {
        _draining = true;
        var slots = Table.Snapshot();
        var started = _time.GetTimestamp();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20), _time);
        try
        {
            for (var sent = 0; sent < slots.Length || Table.Count > 0; await tick.WaitForNextTickAsync(cancellation).ConfigureAwait(false))
            {
                var due = Due(slots, _time.GetElapsedTime(started), pace);
                while (sent < due) slots[sent++].Deliver(ConnectionCommands.Drain.Instance);
            }
        }
        catch (OperationCanceledException)
        {
            foreach (var slot in Table.Snapshot()) slot.Transport.Abort();
        }
    }

    /// <summary>A handful goes at once; a crowd is spread, at 500 a second or over the whole pace if that is faster.</summary>
    private static int Due(ConnectionSlot[] slots, TimeSpan elapsed, TimeSpan pace)
    {
        var perSecond = Math.Max(500, slots.Length / Math.Max(0.1, pace.TotalSeconds));
        return (int)Math.Min(slots.Length, 100 + elapsed.TotalSeconds * perSecond);
    }

    private void ReportFailure(Exception e) => _log?.Error(e, "A lane's job or a deadline failed; the others go on");

    public void Dispose()
    {
        foreach (var lane in _egress) lane.Dispose();
        Wheel.Dispose();
    }
}
