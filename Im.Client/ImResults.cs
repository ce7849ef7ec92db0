using System.Text.Json;

namespace Im.Client;

/// <summary>The answer to a durable command: it is stored.</summary>
/// <param name="Conversation">The conversation.</param>
/// <param name="Cid">The client's id of the command.</param>
/// <param name="Mid">The server's id; empty for group commands.</param>
/// <param name="Epoch">With <paramref name="Mseq"/> the record's place.</param>
/// <param name="Mseq">The record's number; 0 for an ephemeral message.</param>
/// <param name="Timestamp">When the server took it.</param>
/// <param name="IsDuplicate">It had been stored by an earlier attempt.</param>
/// <param name="Durability">What was reached before the answer: <c>disk</c>, <c>memory</c> or <c>none</c>.</param>
public sealed record ImSent(string Conversation, string Cid, string Mid, string Epoch, long Mseq, DateTimeOffset Timestamp, bool IsDuplicate, string Durability);

/// <summary>What a room answers to a join.</summary>
/// <param name="Conversation">The room.</param>
/// <param name="Epoch">Its epoch.</param>
/// <param name="First">The first number that is kept.</param>
/// <param name="Head">The newest number; records after it are applied as they come.</param>
/// <param name="Members">Users present.</param>
public sealed record ImJoined(string Conversation, string Epoch, long First, long Head, long Members);

/// <summary>A page of a conversation, ascending.</summary>
/// <param name="Conversation">The conversation.</param>
/// <param name="Epoch">Its epoch.</param>
/// <param name="First">The first number that this user can read.</param>
/// <param name="Head">The newest number.</param>
/// <param name="Records">Records as they are now: edited texts, tombstones.</param>
public sealed record ImHistoryPage(string Conversation, string Epoch, long First, long Head, IReadOnlyList<ImRecord> Records);

/// <summary>One line of the list of the user's conversations.</summary>
/// <param name="Conversation">The conversation.</param>
/// <param name="Epoch">Its epoch.</param>
/// <param name="First">The first number that this user can read.</param>
/// <param name="Head">The newest number.</param>
/// <param name="Read">The user's read mark.</param>
/// <param name="Unread">Messages of others above it.</param>
/// <param name="Name">A group's name.</param>
/// <param name="Last">The newest record.</param>
public sealed record ImConversation(string Conversation, string Epoch, long First, long Head, long Read, long Unread, string? Name, ImRecord? Last);

/// <summary>A page of the user's conversations, the most recently active first.</summary>
/// <param name="Conversations">The page.</param>
/// <param name="HasMore">Ask again with the last one's id.</param>
public sealed record ImConversationPage(IReadOnlyList<ImConversation> Conversations, bool HasMore);

/// <summary>A member of a group.</summary>
/// <param name="User">The user.</param>
/// <param name="Role">owner, admin, member or muted.</param>
public sealed record ImMember(string User, string Role);

/// <summary>A group after a command.</summary>
/// <param name="Conversation">The group, <c>g:…</c>.</param>
/// <param name="Name">Its name.</param>
/// <param name="Members">All members.</param>
/// <param name="Mseq">The number of the record that says so; the head when nothing changed.</param>
public sealed record ImGroup(string Conversation, string? Name, IReadOnlyList<ImMember> Members, long Mseq);

/// <summary>Content of a message.</summary>
/// <param name="Text">At most the text limit that the server told at login (16 KiB by default).</param>
/// <param name="Type">text, image, audio, video, file, location, card or custom.</param>
/// <param name="Ext">A JSON object for the application, or null.</param>
public sealed record ImContent(string Text, string Type = "text", JsonElement? Ext = null)
{
    /// <summary>A text message.</summary>
    public static implicit operator ImContent(string text) => new(text);

    /// <summary>A text message.</summary>
    public static ImContent FromString(string text) => new(text);
}
