namespace Im.Actors.Conversations.Store;

/// <summary>One record of a conversation as it is kept. Identity is (conversation, epoch, mseq).</summary>
/// <param name="MessageId">ULID, global.</param>
/// <param name="Sender">Who the cid belongs to: a user, or <c>api:&lt;key id&gt;</c> for a push.</param>
/// <param name="From">Who readers see.</param>
/// <param name="Type">One of MessageData's types, or <c>event</c>.</param>
/// <param name="Text">At most the node's text limit; the edited text after an edit, empty after a recall.</param>
/// <param name="Ext">A JSON object as text, or null. Of an event it says what happened: <c>op</c> and its members..</param>
/// <param name="TimestampMs">Unix milliseconds; never goes back inside a conversation.</param>
/// <param name="ChangedBy">Mseq of the last edit or recall of this record, 0 for none.</param>
/// <param name="IsRecalled">A tombstone: its content is gone.</param>
public sealed record StoredRecord(
    long Mseq,
    string MessageId,
    string Sender,
    string From,
    string? Cid,
    string Type,
    string Text,
    string? Ext,
    long TimestampMs,
    long ChangedBy = 0,
    bool IsRecalled = false)
{
    public const string EventType = "event";

    /// <summary>Unix milliseconds from which on a store gives what <see cref="At"/> says; 0 for never.</summary>
    public long ExpiresMs { get; init; }

    public bool IsEvent => Type == EventType;

    /// <summary>The record as it is read at a time: once it has expired, without its content.</summary>
    public StoredRecord At(long nowMs) => ExpiresMs > 0 && ExpiresMs <= nowMs ? this with { Text = "", Ext = null, IsRecalled = true } : this;
}

/// <summary>Durable membership. <c>Muted</c> reads but does not write.</summary>
public enum MemberRole : byte
{
    Member = 0,
    Muted = 1,
    Admin = 2,
    Owner = 3,
}

/// <summary>One stay of a user in a conversation; who comes back has a second one.</summary>
/// <param name="FromMseq">First record that this stay may read.</param>
/// <param name="ToMseq">Last one; null while the stay lasts.</param>
public sealed record MemberRow(string User, MemberRole Role, long FromMseq, long? ToMseq);

/// <summary>What a conversation's owner begins with.</summary>
/// <param name="Name">A group's display name.</param>
/// <param name="Members">Of groups, one-to-one and inbox the present members; empty for rooms.</param>
public sealed record ConversationRow(string Epoch, long Head, long First, long LastTimestampMs, string? Name, IReadOnlyList<MemberRow> Members);

/// <summary>A cid that was stored.</summary>
/// <param name="PayloadHash">SHA-256 of the payload as sent.</param>
public sealed record CidRow(string Epoch, long Mseq, string MessageId, long TimestampMs, ReadOnlyMemory<byte> PayloadHash);
