using Akka.Actor;
using Im.Actors.Messages;
using Im.Protocol.Names;

namespace Im.Actors.Conversations.Store;

/// <summary>
/// What one owner appends to its conversation at once: all or nothing, in one transaction, fenced by the conversation's row
/// (head and epoch compared and moved). A conversation has one part in flight.
/// </summary>
/// <param name="ExpectedHead">The head that the owner knows; records begin at the next number, dense.</param>
/// <param name="Creates">The row does not exist yet: insert it (head 0) first; when it exists after all, the part is <see cref="AppendOutcome.Fenced"/>.</param>
/// <param name="Name">With <paramref name="Creates"/>: a group's name.</param>
/// <param name="Members">Changes of membership that these records say.</param>
/// <param name="Tag">Given back with the answer.</param>
/// <param name="ReplyTo">Gets one <see cref="AppendResult"/>.</param>
public sealed record AppendPart(
    ConversationKey Conversation,
    string Epoch,
    long ExpectedHead,
    bool Creates,
    string? Name,
    IReadOnlyList<AppendRecord> Records,
    IReadOnlyList<MemberChange> Members,
    long Tag,
    IActorRef ReplyTo) : ILocalMessage
{
    /// <summary>Bytes of texts and ext, for the writer's bound.</summary>
    public int Bytes => Records.Sum(record => record.Record.Text.Length * 2 + (record.Record.Ext?.Length ?? 0) + 200);
}

/// <param name="PayloadHash">With the record's sender and cid the row of the cid table; null when the record has no cid.</param>
/// <param name="Amends">The record whose text or tombstone is replaced in the same transaction, or null.</param>
/// <param name="DeliveryUser">The push's target, for its delivery row (kept 24 h), or null.</param>
public sealed record AppendRecord(StoredRecord Record, ReadOnlyMemory<byte>? PayloadHash, Amendment? Amends = null, string? DeliveryUser = null);

/// <param name="Mseq">The record that changes.</param>
/// <param name="Text">Its new text; null makes it a tombstone without content.</param>
public sealed record Amendment(long Mseq, string? Text);

/// <summary>A member comes (<paramref name="Role"/> set, no present stay), changes role, or goes (<paramref name="Role"/> null) at this record.</summary>
/// <param name="AtMseq">The record that says so: a new stay begins there, an ended one ends there.</param>
public sealed record MemberChange(string User, MemberRole? Role, long AtMseq)
{
    /// <summary>When set, a new stay begins at this number in place of <see cref="AtMseq"/> (one-to-one and inbox: 1).</summary>
    public long? ReadsFrom { get; init; }
}

public enum AppendOutcome
{
    /// <summary>On disk.</summary>
    Committed,

    /// <summary>The row has another head or epoch: another owner lives. Nothing stored.</summary>
    Fenced,

    /// <summary>
    /// A record was refused for its data (its index in <see cref="AppendResult.BadRecord"/>); nothing stored. Half a surrogate pair, U+0000 (no text
    /// for PostgreSQL), a number that does not follow the head, or a cid that is stored already.
    /// </summary>
    Rejected,

    /// <summary>Queue full, breaker open, or the store failed before anything was sent. Nothing stored.</summary>
    Unavailable,

    /// <summary>Time-out or a connection that broke during COMMIT: it may be stored or not.</summary>
    Unknown,
}

/// <summary>The answer to one <see cref="AppendPart"/>.</summary>
public sealed record AppendResult(long Tag, AppendOutcome Outcome, int BadRecord = -1) : ILocalMessage;
