using System.Text.Json;

namespace Im.Client;

/// <summary>Numbers of a conversation that a reader does not get any more: removed by retention, or from a time when the user was no member.</summary>
/// <param name="From">The first missing number.</param>
/// <param name="To">The last one.</param>
public readonly record struct ImGap(long From, long To);

/// <summary>One record of a conversation: a message, or an event such as an edit or a change of members.</summary>
public sealed record ImRecord
{
    /// <summary>The conversation, such as <c>r:lobby</c>, <c>g:42</c>, <c>p:alice|bob</c> or <c>u:alice</c>.</summary>
    public required string Conversation { get; init; }

    /// <summary>The conversation's epoch; with <see cref="Mseq"/> the record's place.</summary>
    public string Epoch { get; init; } = "";

    /// <summary>The record's number, dense from 1; 0 for what is not numbered (ephemeral messages).</summary>
    public long Mseq { get; init; }

    /// <summary>The server's id of the message.</summary>
    public string? Mid { get; init; }

    /// <summary>The id that the sender's client gave it, when there is one.</summary>
    public string? Cid { get; init; }

    /// <summary>text, image, audio, video, file, location, card, custom, or <c>event</c>.</summary>
    public string Type { get; init; } = "text";

    /// <summary>The text; in a record that was edited later the new one, in a recalled one empty.</summary>
    public string Text { get; init; } = "";

    /// <summary>The user who wrote it or did it.</summary>
    public string From { get; init; } = "";

    /// <summary>The application's JSON object, or what an event says: <c>op</c> and its members.</summary>
    public JsonElement? Ext { get; init; }

    /// <summary>When the server took it.</summary>
    public DateTimeOffset Timestamp { get; init; }

    /// <summary>The number of the event that edited this record, as it is shown in what is read later.</summary>
    public long? EditedBy { get; init; }

    /// <summary>True for a tombstone.</summary>
    public bool IsRecalled { get; init; }

    /// <summary>Numbers directly before this record that will not come. Show a mark there.</summary>
    public ImGap? Gap { get; init; }

    /// <summary>True: history changed (another epoch). Drop what you have of this conversation before you take this record.</summary>
    public bool IsReset { get; init; }

    /// <summary>True when this is no message.</summary>
    public bool IsEvent => Type == "event";
}
