namespace Im.Client;

/// <summary>Something that is not kept and has no number. See the derived records.</summary>
public abstract record ImNotice;

/// <summary>A message that was sent as ephemeral.</summary>
/// <param name="Message">Its content; <see cref="ImRecord.Mseq"/> is 0.</param>
public sealed record ImEphemeral(ImRecord Message) : ImNotice;

/// <summary>A user of the watch list went on- or offline.</summary>
/// <param name="User">The user.</param>
/// <param name="IsOnline">At least one device is connected.</param>
/// <param name="Platforms">Those that are connected.</param>
/// <param name="LastSeen">When the last device went, when that is known.</param>
public sealed record ImPresence(string User, bool IsOnline, IReadOnlyList<string> Platforms, DateTimeOffset? LastSeen) : ImNotice;

/// <summary>Somebody began or ended to write.</summary>
/// <param name="Conversation">Where.</param>
/// <param name="User">Who.</param>
/// <param name="IsTyping">False at the end; without one it ends after 6 s.</param>
public sealed record ImTyping(string Conversation, string User, bool IsTyping) : ImNotice;

/// <summary>How far another member has a conversation.</summary>
/// <param name="Conversation">The conversation.</param>
/// <param name="User">The member.</param>
/// <param name="Delivered">Everything up to this number reached one of the member's devices; null: not said.</param>
/// <param name="Read">Everything up to this number was read; null: not said.</param>
public sealed record ImReceipt(string Conversation, string User, long? Delivered, long? Read) : ImNotice;

/// <summary>Another device of this user moved the read mark.</summary>
/// <param name="Conversation">The conversation.</param>
/// <param name="Mseq">The mark.</param>
public sealed record ImReadMark(string Conversation, long Mseq) : ImNotice;

/// <summary>Somebody entered or left a room.</summary>
/// <param name="Conversation">The room.</param>
/// <param name="User">Who.</param>
/// <param name="IsEnter">False: left.</param>
public sealed record ImRoomMove(string Conversation, string User, bool IsEnter) : ImNotice;

/// <summary>Users in a room; large rooms tell this in place of <see cref="ImRoomMove"/>.</summary>
/// <param name="Conversation">The room.</param>
/// <param name="Members">How many.</param>
public sealed record ImRoomCount(string Conversation, long Members) : ImNotice;

/// <summary>This session is about to be ended by another login or an operator.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Platform">The other device's platform, when there is one.</param>
/// <param name="Device">The other device, when there is one.</param>
public sealed record ImKicked(string Reason, string? Platform, string? Device) : ImNotice;

/// <summary>The client's copy of a conversation begins: records after this number follow, each once and in order.</summary>
/// <param name="Conversation">The conversation.</param>
/// <param name="Epoch">Its epoch; empty while it is not known.</param>
/// <param name="After">The last number that does not come.</param>
public sealed record ImOpened(string Conversation, string Epoch, long After) : ImNotice;

/// <summary>A conversation can be read no more; its cursor was dropped.</summary>
/// <param name="Conversation">The conversation.</param>
/// <param name="Code">Why: 1020 not a member, 1013 forbidden, 1027 no such conversation.</param>
public sealed record ImConversationLost(string Conversation, Im.Protocol.ReplyCode Code) : ImNotice;

/// <summary>The answer to a message that an earlier process left in the store's queue.</summary>
/// <param name="Cid">Its id.</param>
/// <param name="Sent">Where it is, or null when it was refused.</param>
/// <param name="Code">The final refusal, or null.</param>
public sealed record ImQueuedSendFinished(string Cid, ImSent? Sent, Im.Protocol.ReplyCode? Code) : ImNotice;

/// <summary>The client asks the server for records that did not come as pushes.</summary>
/// <param name="Conversation">The conversation.</param>
/// <param name="After">The last number that it has.</param>
/// <param name="Cause">Why it asks.</param>
public sealed record ImCatchUp(string Conversation, long After, ImCatchUpCause Cause) : ImNotice;

/// <summary>A push as it came, before the gap rule. For checkers.</summary>
internal sealed record ImPushed(ImRecord Record) : ImNotice;

/// <summary>Why a client reads records itself.</summary>
public enum ImCatchUpCause
{
    /// <summary>A later number came and the missing ones did not follow within 500 ms.</summary>
    Gap,

    /// <summary>The server said <c>sync_required</c>.</summary>
    Told,

    /// <summary>The answer to a heartbeat or to an own command told of a higher head.</summary>
    Head,

    /// <summary>A login, a join or an earlier answer did not hold everything.</summary>
    NotRecovered,

    /// <summary>Another epoch, or a conversation that was not known.</summary>
    New,
}
