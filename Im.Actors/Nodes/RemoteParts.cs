using System.Collections.Concurrent;
using Akka.Actor;

namespace Im.Actors.Nodes;

/// <summary>
/// The entities of this node that hold parts of other nodes: sessions with connections there, rooms with relays there. They are told
/// when such a node has gone, and sessions when a lease may be over: no entity has a timer or a watch of its own for it. Thread-safe.
/// </summary>
internal sealed class RemoteParts(TimeProvider time)
{
    private readonly ConcurrentDictionary<IActorRef, long> _holders = new();

    /// <summary>Milliseconds of a clock that never goes back.</summary>
    public long NowMs => (long)time.GetElapsedTime(0, time.GetTimestamp()).TotalMilliseconds;

    public int Count => _holders.Count;

    /// <param name="dueAtMs">When it is to be told <see cref="LeaseIsDue"/>, by <see cref="NowMs"/>; the maximum for never.</param>
    public void Hold(IActorRef entity, long dueAtMs = long.MaxValue) => _holders[entity] = dueAtMs;

    public void Release(IActorRef entity) => _holders.TryRemove(entity, out _);

    public void Tell(PeerGone gone)
    {
        foreach (var (entity, _) in _holders) entity.Tell(gone, ActorRefs.NoSender);
    }

    /// <summary>Tells those whose time has come; called about once a second, by one caller.</summary>
    public void Sweep()
    {
        var now = NowMs;
        foreach (var (entity, dueAtMs) in _holders)
        {
            if (dueAtMs <= now) entity.Tell(LeaseIsDue.Instance, ActorRefs.NoSender);
        }
    }
}
