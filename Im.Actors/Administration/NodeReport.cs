namespace Im.Actors.Administration;

/// <summary>What a node says of itself.</summary>
/// <param name="Node">Its name in connection ids; new with every start.</param>
/// <param name="Shards">How many of each region live here; a region that did not say is missing.</param>
public sealed record NodeReport(
    string Node,
    TimeSpan Uptime,
    NodeCondition Condition,
    long Connections,
    long LoggedIn,
    long Sessions,
    long Conversations,
    IReadOnlyDictionary<string, int> Shards);

/// <summary>Whether a node takes users.</summary>
/// <param name="Reason">One line, as <c>/readyz</c> says it.</param>
/// <param name="Drain">Null unless it drains.</param>
public sealed record NodeCondition(bool IsReady, string Reason, DrainProgress? Drain);

/// <param name="Total">Connections when the drain began.</param>
/// <param name="Left">Connections that are still open.</param>
public sealed record DrainProgress(long Total, long Left);
