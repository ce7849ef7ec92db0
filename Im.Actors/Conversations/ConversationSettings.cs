namespace Im.Actors.Conversations;

/// <param name="IdempotencyRetention">How long the key of a push that is not stored is remembered; in memory.</param>
/// <param name="CountThreshold">Above so many members level 2 gets counts instead of enters and exits.</param>
/// <param name="CountInterval">At most one count per interval.</param>
public sealed record ConversationSettings(TimeSpan IdempotencyRetention, int CountThreshold, TimeSpan CountInterval)
{
    /// <summary>So long an owner without members stays, since members often come back at once and a new owner is a new epoch.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>So long after its last record an owner stays, since a conversation goes on and a new owner reads the row again.</summary>
    public TimeSpan LogLinger { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>So old may a message be that is edited or recalled.</summary>
    public TimeSpan AmendWindow { get; init; } = TimeSpan.FromMinutes(15);

    public static readonly ConversationSettings Default = new(TimeSpan.FromMinutes(10), 200, TimeSpan.FromSeconds(2));
}
