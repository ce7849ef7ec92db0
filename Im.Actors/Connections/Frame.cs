namespace Im.Actors.Connections;

/// <summary>How a frame is treated when its reader is slow (protocol.md §6).</summary>
public enum FrameKind
{
    /// <summary>Answer to a command or a control frame: never dropped; bounded by the commands a client may have unanswered.</summary>
    Reply,

    /// <summary>A numbered record: when the slot is full the conversation is remembered and the client syncs.</summary>
    Record,

    /// <summary>Worth having only now: above half only the newest per key is kept, dropped when full.</summary>
    Ephemeral,
}

/// <summary>
/// One finished WebSocket message (or several in a row), RFC 6455 header included. Immutable: server frames are not masked, so the same
/// bytes serve every receiver on the node.
/// </summary>
/// <param name="Wire">Header and payload.</param>
/// <param name="Key">Record: the conversation. Ephemeral: what makes an older frame obsolete, or null.</param>
public sealed record Frame(ReadOnlyMemory<byte> Wire, FrameKind Kind, string? Key = null)
{
    public int Length => Wire.Length;

    /// <summary>WebSocket messages in it; several that follow each other may travel as one.</summary>
    public int MessagesCount { get; init; } = 1;
}

public enum WriteOutcome
{
    /// <summary>The kernel took the frame's last byte.</summary>
    Written,

    /// <summary>The reader is slow and the frame was dropped.</summary>
    Dropped,

    /// <summary>The connection ended first; whether the peer saw anything of it is not known.</summary>
    Closed,
}

/// <summary>Told once what became of a frame. Called by an egress lane with the slot locked: post and return.</summary>
public abstract class WriteTicket
{
    public abstract void Complete(WriteOutcome outcome);
}
