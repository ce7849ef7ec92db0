namespace Im.Node.Storage.Retention;

/// <summary>What a sweep asks of a provider: each call is one small transaction.</summary>
internal interface ISweepable
{
    /// <summary>Conversations with records, ascending by id; null when the store cannot be read now.</summary>
    Task<IReadOnlyList<SweepRow>?> ReadSweepRowsAsync(long afterId, int limit);

    /// <summary>Removes at most so many records from the front and moves <c>first</c>; the head stays.</summary>
    /// <returns>Records removed; 0 when none was left to go, or the store did not take it.</returns>
    Task<int> RemoveAsync(ExpiredPrefix expired, int limit);

    /// <returns>Rows removed, at most so many.</returns>
    Task<int> RemoveCidsAsync(long beforeMs, int limit);

    /// <returns>Rows removed, at most so many.</returns>
    Task<int> RemoveDeliveriesAsync(long expiredMs, int limit);

    /// <returns>Rows removed, at most so many.</returns>
    Task<int> RemoveSkippedAsync(long expiredMs, int limit);

    /// <summary>Those of tokens issued before a time, by which every such token has ended; and those that were lifted.</summary>
    /// <returns>Rows removed, at most so many.</returns>
    Task<int> RemoveRevocationsAsync(long beforeMs, int limit);
}
