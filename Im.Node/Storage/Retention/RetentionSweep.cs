namespace Im.Node.Storage.Retention;

/// <summary>Walks over all conversations and removes what is too old or too much, in transactions so small that appends pass between them.</summary>
internal sealed class RetentionSweep(ISweepable store, RetentionPolicy policy, TimeProvider time)
{
    private const int ConversationsAtOnce = 200;
    private const int RecordsAtOnce = 500;
    private const int RowsAtOnce = 1_000;

    public async Task RunAsync(CancellationToken stopping)
    {
        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        await RemoveRecordsAsync(nowMs, stopping).ConfigureAwait(false);
        await RepeatAsync(() => store.RemoveCidsAsync(nowMs - (long)RetentionPolicy.CidAge.TotalMilliseconds, RowsAtOnce), stopping).ConfigureAwait(false);
        await RepeatAsync(() => store.RemoveDeliveriesAsync(nowMs, RowsAtOnce), stopping).ConfigureAwait(false);
        await RepeatAsync(() => store.RemoveSkippedAsync(nowMs, RowsAtOnce), stopping).ConfigureAwait(false);
        await RepeatAsync(() => store.RemoveRevocationsAsync(nowMs - (long)(policy.TokenAge + RetentionPolicy.RevocationMargin).TotalMilliseconds, RowsAtOnce), stopping).ConfigureAwait(false);
    }

    private async Task RemoveRecordsAsync(long nowMs, CancellationToken stopping)
    {
        for (var last = 0L; !stopping.IsCancellationRequested;)
        {
            if (await store.ReadSweepRowsAsync(last, ConversationsAtOnce).ConfigureAwait(false) is not { Count: > 0 } rows) return;
            foreach (var expired in rows.Select(row => policy.ExpiredOf(row, nowMs)).OfType<ExpiredPrefix>())
                await RepeatAsync(() => store.RemoveAsync(expired, RecordsAtOnce), stopping).ConfigureAwait(false);
            last = rows[^1].Id;
        }
    }

    private static async Task RepeatAsync(Func<Task<int>> remove, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested && await remove().ConfigureAwait(false) > 0)
        {
        }
    }
}
