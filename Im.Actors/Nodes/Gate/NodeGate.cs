using Akka.Actor;

namespace Im.Actors.Nodes.Gate;

/// <summary>
/// Whether this node may take and decide anything (rules.md §5). A process that stood still for longer than the failure detector's
/// pause may have been replaced: what its threads go on with then, they know from before. So the gate is open only until so long after
/// the last beat, by the clock and not by a flag that somebody has to set first; once a beat finds it closed it stays so until a
/// majority has confirmed this incarnation. Thread-safe; an actor system has one, open as long as nobody starts it.
/// </summary>
internal sealed class NodeGate : IExtension
{
    /// <summary>Values of <see cref="_openUntilMs"/> before every time.</summary>
    private const long Closed = long.MinValue + 1;
    private const long Ended = long.MinValue;

    private readonly Lock _start = new();
    private Func<long> _nowMs = static () => 0;
    private long _patienceMs;
    private long _openUntilMs = long.MaxValue;
    private volatile Action[] _waiting = [];

    /// <summary>Asked for every message of an entity: one read and a coarse clock.</summary>
    public bool IsOpen
    {
        get
        {
            var until = Volatile.Read(ref _openUntilMs);   // before the clock, so that standing still in between shows
            return _nowMs() <= until;
        }
    }

    /// <summary>The node ends while it is closed: nothing is held for later any more.</summary>
    public bool HasEnded => Volatile.Read(ref _openUntilMs) == Ended;

    /// <summary>Milliseconds of a clock that never goes back.</summary>
    public long NowMs => _nowMs();

    /// <summary>Told by the beat that closed it, on its thread. The GateActor's.</summary>
    public Action? OnClosed { get; set; }

    public static NodeGate Of(ActorSystem system) => system.WithExtension<NodeGate, Provider>();

    /// <summary>From now on it wants beats.</summary>
    /// <param name="patience">The failure detector's pause: so long without a beat closes it.</param>
    public void Start(TimeProvider time, TimeSpan patience)
    {
        _nowMs = ReferenceEquals(time, TimeProvider.System) ? static () => Environment.TickCount64 : () => (long)time.GetElapsedTime(0, time.GetTimestamp()).TotalMilliseconds;
        _patienceMs = (long)patience.TotalMilliseconds;
        Volatile.Write(ref _openUntilMs, _nowMs() + _patienceMs);
    }

    /// <summary>Keeps it open, or closes it when this beat is too late. One caller, several times within the patience.</summary>
    public void Beat()
    {
        var until = Volatile.Read(ref _openUntilMs);
        if (until <= Closed) return;
        var now = _nowMs();
        if (now <= until)
        {
            Interlocked.CompareExchange(ref _openUntilMs, now + _patienceMs, until);
            LetPass();   // whoever looked between the patience's end and this beat
        }
        else if (Interlocked.CompareExchange(ref _openUntilMs, Closed, until) == until)
        {
            OnClosed?.Invoke();
        }
    }

    /// <summary>A majority has confirmed what was so at that time. False: the node has stood still again since, or it is not closed.</summary>
    public bool Open(long confirmedAtMs)
    {
        var until = confirmedAtMs + _patienceMs;
        if (_nowMs() > until || Interlocked.CompareExchange(ref _openUntilMs, until, Closed) != Closed) return false;
        LetPass();
        return true;
    }

    /// <summary>The actor system ends: a closed gate never opens again, an open one stays as it is.</summary>
    public void End()
    {
        if (Interlocked.CompareExchange(ref _openUntilMs, Ended, Closed) == Closed) LetPass();
    }

    /// <param name="release">Called whenever it has opened, and more often; costs nothing when nothing is held.</param>
    public void WhenOpen(Action release)
    {
        lock (_start) _waiting = [.. _waiting, release];
    }

    private void LetPass()
    {
        foreach (var release in _waiting) release();
    }

    private sealed class Provider : ExtensionIdProvider<NodeGate>
    {
        public override NodeGate CreateExtension(ExtendedActorSystem system) => new();
    }
}
