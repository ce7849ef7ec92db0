using Im.Protocol.Names;

namespace Im.Actors.Conversations.Store;

/// <summary>A page of a conversation. One of <paramref name="Before"/> and <paramref name="After"/> at most; neither reads the newest.</summary>
/// <param name="Reader">The user who reads: membership is checked in the same statement and the answer clipped to the user's stays. Null for rooms and servers.</param>
/// <param name="Limit">1–200.</param>
public sealed record HistoryQuery(ConversationKey Conversation, string? Reader, long? Before, long? After, int Limit);

public enum ReadOutcome
{
    Found,

    /// <summary>No such conversation.</summary>
    NoConversation,

    /// <summary>It exists, and the reader has no stay in it.</summary>
    NotAMember,

    /// <summary>The store cannot be read now.</summary>
    Unavailable,
}

/// <param name="First">The first number that is kept and that the reader may see; head + 1 when none is.</param>
/// <param name="Records">Ascending, dense, at most the limit and 192 KiB; of one stay of the reader, the nearest.</param>
public sealed record HistoryPage(ReadOutcome Outcome, string Epoch, long First, long Head, IReadOnlyList<StoredRecord> Records)
{
    public static HistoryPage Of(ReadOutcome outcome) => new(outcome, "", 0, 0, []);
}

/// <summary>Where a reader stands. <paramref name="Open"/>: a room that the connection is in, not checked for membership.</summary>
public sealed record SyncCursor(string Conversation, string Epoch, long Mseq, bool Open);

/// <summary>
/// A login or sync in one batched query: each cursor, and with <paramref name="ListOwn"/> the user's own conversations that no cursor names,
/// most recently active first, at most <paramref name="MaxConversations"/>.
/// </summary>
public sealed record SyncQuery(AppId App, string User, IReadOnlyList<SyncCursor> Cursors, bool ListOwn, int MaxConversations = 200, int MaxGap = 500, int MaxRecords = 500, int MaxBytes = 192 * 1024);

/// <param name="More">There are own conversations beyond the listed.</param>
public sealed record SyncPage(bool IsAvailable, IReadOnlyList<SyncedConversation> Conversations, bool More)
{
    public static readonly SyncPage Unavailable = new(false, [], false);
}

/// <param name="Outcome">Not Found: the other members say nothing.</param>
/// <param name="Read">The user's read mark.</param>
/// <param name="Unread">Messages of others above it, among the newest 1,000 records.</param>
/// <param name="IsRecovered">
/// <paramref name="Records"/> hold everything after the cursor: same epoch, gap of at most MaxGap, nothing of it gone by retention, and it fitted.
/// False with a cursor: the last 50 as far as they fit, else none. Without a cursor (own conversation): false, and no records.
/// </param>
/// <param name="Last">The newest record that the user may see, for lists; null when none is kept.</param>
public sealed record SyncedConversation(
    string Conversation, ReadOutcome Outcome, string Epoch, long First, long Head, long Read, long Unread, bool IsRecovered, IReadOnlyList<StoredRecord> Records, string? Name, StoredRecord? Last)
{
    /// <summary>The reader is in it now; false when the last stay has ended, what was read in it can still be.</summary>
    public bool IsPresent { get; init; } = true;
}

/// <summary>A conversation whose head moved.</summary>
/// <param name="Change">The change number of its last append.</param>
public sealed record ChangedHead(ConversationKey Conversation, string Epoch, long Head, long Change, long TimestampMs);

/// <summary>How far a device has a conversation, and how far its user has read it; the higher value stays.</summary>
/// <param name="Delivered">Null leaves it.</param>
/// <param name="Read">Of the user; null leaves it.</param>
public sealed record CursorMove(AppId App, string User, string Device, string Conversation, string Epoch, long? Delivered, long? Read)
{
    /// <summary>The device went on without what it had not acknowledged up to here: no later mark makes that acknowledged. 0 when it skipped nothing.</summary>
    public long Skipped { get; init; }
}

/// <summary>A stored push to one user, and what its devices have said of it.</summary>
/// <param name="Acked">Devices with their delivered mark at or above the push's number, which did not skip it: acknowledged.</param>
public sealed record DeliveryRow(string MessageId, string User, string Conversation, string Epoch, long Mseq, long ExpiresMs, IReadOnlyList<string> Acked);

/// <summary>Tokens that hold no more.</summary>
/// <param name="Number">Grows; nodes poll by it.</param>
/// <param name="User">All tokens of the user issued before <paramref name="BeforeMs"/>, or null.</param>
/// <param name="TokenId">One token (<c>jti</c>), or null.</param>
/// <param name="BeforeMs">Of a user, the time of issue that tokens need; 0 lifts what was before. Of one token, its end, or when it was revoked if that is later.</param>
public sealed record Revocation(long Number, AppId App, string? User, string? TokenId, long BeforeMs);
