namespace Im.Cli.Verify.Checks;

internal enum ViolationKind
{
    /// <summary>Acknowledged, or due to a device, and not there.</summary>
    Lost,

    /// <summary>Stored or applied more than once.</summary>
    Doubled,

    /// <summary>At another place than acknowledged, or in another order than for others.</summary>
    Reordered,

    /// <summary>Numbers that are missing though they should be there.</summary>
    Hole,

    /// <summary>Read by somebody who had no right to, or written by nobody.</summary>
    Foreign,

    /// <summary>Not the content that was sent.</summary>
    Content,

    /// <summary>A final refusal of something that is stored, or the other way round.</summary>
    FalseAnswer,

    /// <summary>A delivery state that no client fact supports.</summary>
    FalseState,

    /// <summary>A mark or cursor that moved back.</summary>
    CursorBack,

    /// <summary>Durable commands without any answer at the end.</summary>
    Unanswered,

    /// <summary>In the quiet time at the end a record came late, or only because the client asked.</summary>
    Late,

    /// <summary>Two connections where there may be one, for too long, or the wrong one was closed.</summary>
    Kick,

    /// <summary>A user who was long online, or offline, was told to be the other.</summary>
    Presence,
}

/// <summary>A broken promise.</summary>
/// <param name="Mseq">Where in the conversation; 0 when it has no place.</param>
/// <param name="What">One sentence.</param>
internal sealed record Violation(ViolationKind Kind, string Conversation, long Mseq, string What);
