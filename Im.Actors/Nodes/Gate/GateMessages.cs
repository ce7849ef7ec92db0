using Im.Actors.Messages;

namespace Im.Actors.Nodes.Gate;

/// <summary>What a node says of another.</summary>
internal enum GateStanding
{
    /// <summary>Nothing that counts: it is not Up itself, or does not know the other one yet.</summary>
    Unsure,

    /// <summary>That incarnation is Up, and everybody reaches it.</summary>
    Up,

    /// <summary>It is a member still, and somebody does not reach it.</summary>
    Unreachable,

    /// <summary>It is none any more.</summary>
    Out,
}

/// <summary>Between a node whose gate has closed and the others.</summary>
internal static class GateMessages
{
    /// <summary>Does this incarnation of the sender's node still belong to you? Answered by <see cref="Answer"/>, repeated until it is.</summary>
    /// <param name="At">When, by the sender's clock; comes back with the answer.</param>
    /// <param name="Uid">Of the sender's node.</param>
    public sealed record Ask(long At, int Uid) : IClusterMessage;

    /// <param name="Uid">Of the node that answers.</param>
    public sealed record Answer(long At, int Uid, GateStanding Standing) : IClusterMessage;
}
