namespace Im.Node.Storage;

/// <summary>How long records are kept, by kind of conversation; only a prefix of a conversation ever goes.</summary>
internal sealed record RetentionPolicy
{
    public TimeSpan RoomAge { get; init; } = TimeSpan.FromDays(7);

    public int RoomMaxRecordsCount { get; init; } = 10_000;

    /// <summary>Of groups and one-to-one conversations.</summary>
    public TimeSpan GroupAge { get; init; } = TimeSpan.FromDays(365);

    public TimeSpan InboxAge { get; init; } = TimeSpan.FromDays(30);

    /// <summary>A cid, whatever happens to its message.</summary>
    public TimeSpan CidAge { get; init; } = TimeSpan.FromHours(48);
}
