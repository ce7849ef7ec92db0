namespace Im.Actors.Conversations;

/// <param name="IdempotencyRetention">How long a cid is remembered; in memory.</param>
/// <param name="CountThreshold">Above so many members level 2 gets counts instead of enters and exits.</param>
/// <param name="CountInterval">At most one count per interval.</param>
public sealed record ConversationSettings(TimeSpan IdempotencyRetention, int CountThreshold, TimeSpan CountInterval)
{
    /// <summary>So long an owner without members stays, since members often come back at once and a new owner is a new epoch.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromSeconds(2);

    public static readonly ConversationSettings Default = new(TimeSpan.FromMinutes(10), 200, TimeSpan.FromSeconds(2));
}
