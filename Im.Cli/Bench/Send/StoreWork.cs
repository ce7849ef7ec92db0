using Im.Cli.Bench.Targets;

namespace Im.Cli.Bench.Send;

/// <summary>What the store of the nodes did in a pass, by their own metrics.</summary>
/// <param name="CommitsPerSecond">Each with a sync.</param>
/// <param name="RecordsPerCommit">Records that shared a commit, on average.</param>
/// <param name="AppendMs">From an append's arrival at the store until its answer, on average; the rest of a message's latency is spent on its way there and back.</param>
internal sealed record StoreWork(double CommitsPerSecond, double RecordsPerCommit, double AppendMs)
{
    /// <summary>Null when nothing was committed.</summary>
    public static StoreWork? Of(StoreTotals before, StoreTotals after, TimeSpan elapsed)
    {
        var (commits, appends) = (after.Commits - before.Commits, after.Appends - before.Appends);
        return commits <= 0 || appends <= 0
            ? null
            : new StoreWork(commits / elapsed.TotalSeconds, (after.Records - before.Records) / commits, (after.AppendSeconds - before.AppendSeconds) / appends * 1000);
    }
}

/// <summary>Since the nodes' start.</summary>
internal readonly record struct StoreTotals(double Commits, double Records, double Appends, double AppendSeconds)
{
    /// <exception cref="BenchException">A node did not answer.</exception>
    public static async Task<StoreTotals> ReadAsync(ITarget target, CancellationToken cancellation)
    {
        if (target is not NodeTarget node) return default;
        return new StoreTotals(
            await NodeMetrics.SumAsync(node.Https, "im_store_group_count", cancellation),
            await NodeMetrics.SumAsync(node.Https, "im_store_group_sum", cancellation),
            await NodeMetrics.SumAsync(node.Https, "im_store_append_seconds_count", cancellation),
            await NodeMetrics.SumAsync(node.Https, "im_store_append_seconds_sum", cancellation));
    }
}
