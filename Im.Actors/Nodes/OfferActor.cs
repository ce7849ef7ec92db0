using Akka.Actor;
using Im.Actors.Connections;
using Im.Actors.Messages;
using Im.Actors.Sessions;

namespace Im.Actors.Nodes;

/// <summary>
/// One per node: tells the sessions which connections this node holds, everybody's within two thirds of a lease, and at once after the
/// cluster changed, since sessions start anew elsewhere then. A node that is alone tells nothing: its sessions look for themselves.
/// </summary>
internal sealed class OfferActor : UntypedActor, IWithTimers
{
    public static Props Create(NodeView view, IActorRef sessions) => Props.Create(() => new OfferActor(view, sessions)).WithDispatcher("im.session-dispatcher");

    /// <summary>So many connections a tick, or what the ordinary round needs: a full round after a loss starts sessions, and must not be a storm.</summary>
    private const int PerTick = 1_250;

    /// <summary>Ticks of one part of the users in an ordinary round.</summary>
    private const int TicksPerPart = 5;

    private sealed record Tick : ILocalMessage
    {
        public static readonly Tick Instance = new();
    }

    private readonly NodeView _view;
    private readonly IActorRef _sessions;
    private readonly SessionMessageExtractor _extractor = new();
    private readonly Queue<ConnectionSlot> _due = new();
    private int _perTick;
    private int _part;
    private int _rest;
    private int _hurry;   // parts that go without a rest

    public OfferActor(NodeView view, IActorRef sessions)
    {
        _view = view;
        _sessions = sessions;
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() =>
        Timers.StartPeriodicTimer(nameof(Tick), Tick.Instance, _view.Lease * 2 / 3 / (UserIndex.StripesCount * TicksPerPart));

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Tick: OnTick(); break;
            case ClusterChanged: _hurry = UserIndex.StripesCount; break;
            case PeerGone: break;
            default: Unhandled(message); break;
        }
    }

    private void OnTick()
    {
        if (_view.Peers.Others.Count == 0 && _hurry == 0) return;
        if (_due.Count == 0 && !TakePart()) return;
        var shards = new Dictionary<string, List<SessionCommands.Attach>>();
        for (var i = 0; i < _perTick && _due.TryDequeue(out var slot); i++)
        {
            if (slot.IsClosing || HeldConnections.Of(slot) is not { } attach) continue;
            var shard = _extractor.ShardOf(attach.User);
            if (!shards.TryGetValue(shard, out var connections)) shards[shard] = connections = [];
            connections.Add(attach);
        }

        foreach (var (shard, connections) in shards)
        {
            foreach (var part in HeldConnections.Parts(connections)) _sessions.Tell(new SessionCommands.Offers(shard, part), ActorRefs.NoSender);
        }
    }

    /// <summary>Counts the rest between two parts down, then takes the next.</summary>
    private bool TakePart()
    {
        if (_hurry == 0 && ++_rest < TicksPerPart) return false;
        _rest = 0;
        if (_hurry > 0) _hurry--;
        foreach (var slot in _view.Users.Part(_part)) _due.Enqueue(slot);
        _perTick = Math.Max(PerTick, (_due.Count / TicksPerPart) + 1);
        _part = (_part + 1) % UserIndex.StripesCount;
        return true;
    }
}
