namespace Im.Cli.Verify.Facts;

/// <summary>Everything that was observed in a run. The checks are functions of this.</summary>
/// <param name="Quiet">Milliseconds of the run from which on nothing disturbed the node; null when there was no such time.</param>
internal sealed record RunFacts(
    IReadOnlyList<SentFact> Sent,
    IReadOnlyList<DeviceFacts> Devices,
    IReadOnlyList<ConversationLog> Logs,
    IReadOnlyList<PushFact> Pushes,
    IReadOnlyList<MarkFact> Marks,
    IReadOnlyList<GapFact> Gaps,
    long? Quiet)
{
    /// <summary>Of a cluster.</summary>
    public SessionFacts Sessions { get; init; } = SessionFacts.None;

    private Dictionary<string, ConversationLog>? _logs;

    public ConversationLog? Log(string conversation) => (_logs ??= Logs.ToDictionary(log => log.Conversation)).GetValueOrDefault(conversation);
}
