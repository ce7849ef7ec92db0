using Im.Protocol.Names;

namespace Im.Node.Storage.Retention;

/// <summary>How long records are kept, by kind of conversation; only a prefix of a conversation ever goes.</summary>
internal sealed record RetentionPolicy
{
    /// <summary>A cid is kept so long, whatever happens to its message.</summary>
    public static readonly TimeSpan CidAge = TimeSpan.FromHours(48);

    /// <summary>Delivery states of a push.</summary>
    public static readonly TimeSpan DeliveryAge = TimeSpan.FromHours(24);

    /// <summary>What a device skipped: longer than a delivery of it, whose time is that of the record's owner.</summary>
    public static readonly TimeSpan SkippedAge = 2 * DeliveryAge;

    /// <summary>A revocation is kept so much longer than the last token that it speaks of: nodes' clocks differ.</summary>
    public static readonly TimeSpan RevocationMargin = TimeSpan.FromDays(1);

    public TimeSpan RoomAge { get; init; } = TimeSpan.FromDays(7);

    public int RoomMaxRecordsCount { get; init; } = 10_000;

    /// <summary>Of groups and one-to-one conversations.</summary>
    public TimeSpan GroupAge { get; init; } = TimeSpan.FromDays(365);

    public TimeSpan InboxAge { get; init; } = TimeSpan.FromDays(30);

    /// <summary>From a token's issue until none can live any more.</summary>
    public TimeSpan TokenAge { get; init; } = TimeSpan.FromDays(366);

    /// <summary>How often what may go is looked for.</summary>
    public TimeSpan SweepInterval { get; init; } = TimeSpan.FromMinutes(1);

    public TimeSpan AgeOf(ConversationKind kind) => kind switch
    {
        ConversationKind.Room => RoomAge,
        ConversationKind.Inbox => InboxAge,
        _ => GroupAge,
    };

    /// <summary>What may go of a conversation, or null when all of it stays.</summary>
    public ExpiredPrefix? ExpiredOf(SweepRow row, long nowMs)
    {
        var kind = row.Conversation.Kind;
        var cutoffMs = nowMs - (long)AgeOf(kind).TotalMilliseconds;
        var upTo = kind == ConversationKind.Room ? row.Head - RoomMaxRecordsCount : 0;
        return upTo >= row.First || row.FirstTimestampMs < cutoffMs ? new ExpiredPrefix(row.Id, upTo, cutoffMs) : null;
    }
}

/// <summary>A conversation that keeps at least one record.</summary>
/// <param name="FirstTimestampMs">Of its first record.</param>
internal sealed record SweepRow(long Id, ConversationId Conversation, long First, long Head, long FirstTimestampMs);

/// <summary>The records of a conversation up to a number, and those from before a time.</summary>
internal sealed record ExpiredPrefix(long Id, long UpTo, long BeforeMs);
