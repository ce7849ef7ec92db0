using Im.Actors.Conversations.Store;

namespace Im.Node.Storage.Reads;

/// <summary>A conversation's row as one reader's sync needs it.</summary>
/// <param name="Id">The row's own number.</param>
/// <param name="Read">The reader's mark in this epoch; 0 for none.</param>
internal sealed record SyncHeader(long Id, string Conversation, string Epoch, long First, long Head, long LastTimestampMs, string? Name, long Read)
{
    /// <summary>The reader's stays, ascending. Empty: no member.</summary>
    public List<(long From, long? To)> Stays { get; } = [];

    /// <summary>Where the reader says that it stands, or null.</summary>
    public SyncCursor? Cursor { get; set; }

    public bool IsReadable => Cursor is { Open: true } || Stays.Count > 0;

    public bool IsPresent => Cursor is { Open: true } || (Stays.Count > 0 && Stays[^1].To is null);

    public VisibleRecords Visible => Cursor is { Open: true } ? VisibleRecords.All(First, Head) : VisibleRecords.Of(First, Head, Stays);
}
