using Akka.Actor;
using Im.Actors.Edge;
using Im.Actors.Messages;
using Im.Actors.Sessions;
using Im.Actors.Telemetry;
using Im.Protocol.Names;

namespace Im.Actors.Nodes;

/// <summary>
/// Asks the other nodes for all sessions of this node that start: what is in its mailbox at once leaves as one question per node. Who
/// does not answer is asked again until it does or is gone; a session is told what is known after <see cref="Patience"/> (rules.md §5).
/// </summary>
/// <remarks>Holds one entry per session that starts while a node is silent.</remarks>
internal sealed class RollCallActor : UntypedActor, IWithTimers
{
    public static Props Create(PeerTable peers, TimeProvider time) => Props.Create(() => new RollCallActor(peers, time)).WithDispatcher("im.session-dispatcher");

    /// <summary>After it a session decides with what it knows, and says of the rest that it does not know.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Users in one question, at most 64 KiB of names.</summary>
    public const int MaxUsersCount = 200;

    private static readonly TimeSpan RepeatAfter = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(100);

    private sealed record Flush : ILocalMessage
    {
        public static readonly Flush Instance = new();
    }

    private sealed record Tick : ILocalMessage
    {
        public static readonly Tick Instance = new();
    }

    private sealed class Open(RollCall.Call call, long startedAt)
    {
        public readonly RollCall.Call Call = call;
        public readonly long StartedAt = startedAt;
        public readonly List<SessionCommands.Attach> Found = [];
        public HashSet<Address>? Missing;   // null: the nodes are not known yet
        public bool IsToldLate;
    }

    private sealed record Asked(Address Node, IReadOnlyList<UserKey> Users, long At);

    private readonly PeerTable _peers;
    private readonly TimeProvider _time;
    private readonly Dictionary<UserKey, Open> _open = [];
    private readonly Dictionary<long, Asked> _asked = [];
    private readonly List<Open> _new = [];
    private long _number;

    public RollCallActor(PeerTable peers, TimeProvider time)
    {
        _peers = peers;
        _time = time;
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case RollCall.Call call: OnCall(call); break;
            case NodeAnswers.Held held: OnHeld(held); break;
            case Flush: OnFlush(); break;
            case Tick: OnTick(); break;
            case PeerGone gone: OnGone(gone.Node); break;
            case ClusterChanged: break;
            default: Unhandled(message); break;
        }
    }

    private void OnCall(RollCall.Call call)
    {
        var open = new Open(call, _time.GetTimestamp());
        _open[call.User] = open;
        if (_new.Count == 0) Self.Tell(Flush.Instance);
        _new.Add(open);
        if (!Timers.IsTimerActive(nameof(Tick))) Timers.StartPeriodicTimer(nameof(Tick), Tick.Instance, TickInterval);
    }

    private void OnFlush()
    {
        foreach (var open in _new) Begin(open);
        var calls = _new.Where(open => open.Missing is { Count: > 0 }).ToArray();
        _new.Clear();
        foreach (var node in _peers.Others) Ask(node, [.. calls.Where(open => open.Missing!.Contains(node)).Select(open => open.Call.User)]);
    }

    /// <summary>Whoever joins later has no users yet that this session could have missed: they log in by it.</summary>
    private void Begin(Open open)
    {
        if (!_peers.IsKnown) return;
        open.Missing = [.. _peers.Others];
        if (open.Missing.Count == 0) End(open);
    }

    private void OnHeld(NodeAnswers.Held held)
    {
        if (!_asked.TryGetValue(held.Number, out var asked)) return;
        foreach (var attach in held.Connections)
        {
            if (Find(asked, attach.User) is { } open) open.Found.Add(attach);
        }

        if (!held.IsLast) return;
        _asked.Remove(held.Number);
        foreach (var user in asked.Users)
        {
            if (Find(asked, user) is { } open) Answered(open, asked.Node);
        }
    }

    private void OnGone(Address node)
    {
        foreach (var open in _open.Values.ToArray())
        {
            open.Found.RemoveAll(attach => attach.Connection.Path.Address.Equals(node));
            Answered(open, node);
        }

        foreach (var (number, asked) in _asked)
        {
            if (asked.Node.Equals(node)) _asked.Remove(number);
        }
    }

    private void OnTick()
    {
        foreach (var open in _open.Values.Where(open => open.Missing is null).ToArray()) Late(open);
        foreach (var open in _open.Values)
        {
            if (open.IsToldLate || _time.GetElapsedTime(open.StartedAt) < Patience) continue;
            open.IsToldLate = true;
            ImMetrics.SessionStartedUnsure();
            Tell(open, isComplete: false);
        }

        foreach (var (number, asked) in _asked.ToArray())
        {
            if (_time.GetElapsedTime(asked.At) < RepeatAfter) continue;
            _asked.Remove(number);
            Ask(asked.Node, [.. asked.Users.Where(user => Find(asked, user) is not null)]);
        }

        if (_open.Count == 0 && _asked.Count == 0) Timers.Cancel(nameof(Tick));
    }

    /// <summary>The nodes were not known when it was called.</summary>
    private void Late(Open open)
    {
        Begin(open);
        foreach (var node in open.Missing ?? []) Ask(node, [open.Call.User]);
    }

    private void Answered(Open open, Address node)
    {
        if (open.Missing?.Remove(node) == true && open.Missing.Count == 0) End(open);
    }

    private void End(Open open)
    {
        if (_open.GetValueOrDefault(open.Call.User) == open) _open.Remove(open.Call.User);
        Tell(open, isComplete: true);
    }

    /// <summary>A question that was repeated may have been answered twice in part.</summary>
    private static void Tell(Open open, bool isComplete) =>
        open.Call.Session.Tell(new RollCall.Done([.. open.Found.DistinctBy(attach => attach.ConnectionId)], isComplete));

    /// <summary>The call that this question was put for and that still misses the node; one that came later is not answered by it.</summary>
    private Open? Find(Asked asked, UserKey user) =>
        _open.TryGetValue(user, out var open) && open.StartedAt <= asked.At && open.Missing?.Contains(asked.Node) == true ? open : null;

    private void Ask(Address node, IReadOnlyList<UserKey> users)
    {
        foreach (var part in users.Chunk(MaxUsersCount))
        {
            _asked[++_number] = new Asked(node, part, _time.GetTimestamp());
            Context.ActorSelection(new RootActorPath(node) / "user" / NodeActor.Name).Tell(new NodeQueries.GetHeld(_number, part), Self);
        }
    }
}
