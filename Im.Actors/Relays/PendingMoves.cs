using Akka.Actor;
using Im.Actors.Connections;
using Im.Actors.Conversations;
using Im.Protocol.Names;

namespace Im.Actors.Relays;

/// <summary>
/// Enters and exits of this node's users that the owner has not ordered yet: each has a number and goes to the owner, again and again until it was
/// seen ordered. Used by its relay alone.
/// </summary>
internal sealed class PendingMoves(RelayContext context, IActorRef self)
{
    /// <summary>A room none of whose enters and exits was ordered for so long has its oldest repeated.</summary>
    public static readonly TimeSpan RepeatAfter = TimeSpan.FromSeconds(1);

    /// <summary>How many at once: the owner takes them in order, and a storm of repeats would feed itself.</summary>
    private const int RepeatCount = 64;

    private readonly HashSet<LocalRoom> _waiting = [];
    private long _op;

    /// <param name="join">The connection that waits, null for an exit.</param>
    public void Enqueue(LocalRoom room, UserId user, bool isFirst, RelayCommands.Join? join)
    {
        var op = new PendingOp(++_op, room.LastOp, user, isFirst, join);
        room.LastOp = op.Op;
        room.Pending.Enqueue(op);
        if (_waiting.Add(room)) room.MovedAtMs = context.NowMs;
        Send(room, op);
    }

    /// <summary>The next one that is ordered once everything up to this op is; null when there is none left.</summary>
    public PendingOp? TakeOrdered(LocalRoom room, long upTo)
    {
        if (!room.Pending.TryPeek(out var op) || op.Op > upTo) return null;
        room.Pending.Dequeue();
        room.AppliedOp = op.Op;
        room.MovedAtMs = context.NowMs;
        return op;
    }

    /// <summary>All that was ordered has been taken: those that waited behind repeats go now.</summary>
    public void GoOn(LocalRoom room)
    {
        if (room.RepeatedTo > 0 && room.AppliedOp >= room.RepeatedTo) Repeat(room);
        if (room.Pending.Count == 0) _waiting.Remove(room);
    }

    /// <summary>The connection goes while it waits.</summary>
    /// <returns>False when it does not wait.</returns>
    public static bool Abandon(LocalRoom room, ConnectionSlot slot)
    {
        foreach (var op in room.Pending)
        {
            if (op.Join?.Slot != slot || op.IsAbandoned) continue;
            op.IsAbandoned = true;
            return true;
        }

        return false;
    }

    public void Sweep(long nowMs)
    {
        foreach (var room in _waiting)
        {
            if (nowMs - room.MovedAtMs < RepeatAfter.TotalMilliseconds) continue;
            room.MovedAtMs = nowMs;
            Repeat(room);
        }
    }

    /// <summary>Sends the oldest again; when there are more, the next follow once these are ordered.</summary>
    public void Repeat(LocalRoom room)
    {
        room.RepeatedTo = 0;
        foreach (var op in room.Pending.Take(RepeatCount))
        {
            Send(room, op);
            if (room.Pending.Count > RepeatCount) room.RepeatedTo = op.Op;
        }
    }

    private void Send(LocalRoom room, PendingOp op) => context.Conversations.Tell(op.Join is null
        ? new ConversationCommands.Exit(room.Key, op.User, self, op.Op, op.Previous)
        : new ConversationCommands.Enter(room.Key, op.User, self, op.Op, op.Previous, op.IsFirst));
}
