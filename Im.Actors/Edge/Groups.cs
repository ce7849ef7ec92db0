using Im.Actors.Conversations;
using Im.Protocol;
using Im.Protocol.Names;

namespace Im.Actors.Edge;

/// <summary>What a back end asks of a group.</summary>
/// <param name="By">Who readers see as the one who did it; of a new group its owner.</param>
/// <param name="Sender">Whose idempotency keys these are.</param>
public sealed record GroupCall(AppId App, ConversationId Group, UserId By, string Sender, string? IdempotencyKey, GroupChange Change, TimeSpan Timeout);

/// <param name="Code">Success, or why nothing changed. OutcomeUnknown: it may have; the same key again finds out.</param>
/// <param name="Members">In the order in which they came.</param>
/// <param name="Mseq">The record that says the change; the head when nothing changed.</param>
public sealed record GroupResult(ReplyCode Code, string MessageId, string Name, IReadOnlyList<ConversationEvents.GroupMember> Members, long Mseq);
