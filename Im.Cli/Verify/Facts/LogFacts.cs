namespace Im.Cli.Verify.Facts;

/// <summary>One record as <c>history</c> shows it at the end.</summary>
/// <param name="Ext">Of events: what happened, in a form of its own (see <see cref="EventText"/>); of others the JSON, or empty.</param>
/// <param name="EditedBy">Number of the event that edited it, 0 for none.</param>
internal sealed record LogRecord(long Mseq, string Mid, string From, string? Cid, string Type, string Text, string Ext, long TimestampMs, long EditedBy, bool IsRecalled)
{
    public bool IsEvent => Type == "event";
}

/// <summary>A whole conversation as it is kept at the end.</summary>
/// <param name="First">The first number that is kept; below it retention has removed.</param>
internal sealed record ConversationLog(string Conversation, string Epoch, long First, long Head, IReadOnlyList<LogRecord> Records)
{
    private Dictionary<long, LogRecord>? _byMseq;

    public LogRecord? Find(long mseq) =>
        (_byMseq ??= Records.GroupBy(record => record.Mseq).ToDictionary(group => group.Key, group => group.First())).GetValueOrDefault(mseq);
}
