using System.Diagnostics;
using Im.Cli.Bench.Targets;

namespace Im.Cli.Bench.Send;

/// <summary>What the store of the nodes did in a pass, by their own metrics.</summary>
/// <param name="RecordsPerCommit">Records that shared a commit, on average.</param>
/// <param name="AppendMs">From an append's arrival at the store until it was committed, on average. What a message takes besides is its way, and its wait for the append before it of its conversation.</param>
internal sealed record StoreWork(double CommitsPerSecond, double RecordsPerCommit, double AppendMs)
{
    /// <summary>Null when a node did not tell, or nothing was committed.</summary>
    public static StoreWork? Of(StoreTotals? before, StoreTotals? after)
    {
        if (before is not { } from || after is not { } to) return null;
        var (commits, appends) = (to.Commits - from.Commits, to.Appends - from.Appends);
        return commits <= 0 || appends <= 0
            ? null
            : new StoreWork(commits / Stopwatch.GetElapsedTime(from.At, to.At).TotalSeconds, (to.Records - from.Records) / commits, (to.AppendSeconds - from.AppendSeconds) / appends * 1000);
    }
}

/// <summary>Since the nodes' start.</summary>
/// <param name="At">When they were read, a <see cref="Stopwatch"/>'s time.</param>
internal readonly record struct StoreTotals(long At, double Commits, double Records, double Appends, double AppendSeconds)
{
    private const string Committed = "outcome=\"committed\"";

    /// <summary>Null when a node does not tell: its metrics may be on another port, or need a key.</summary>
    public static async Task<StoreTotals?> ReadAsync(ITarget target, CancellationToken cancellation)
    {
        if (target is not NodeTarget node) return null;
        var totals = default(StoreTotals);
        try
        {
            foreach (var http in node.Https) totals = totals.Plus(await NodeMetrics.TextAsync(http, cancellation));
        }
        catch (BenchException)
        {
            return null;
        }

        return totals with { At = Stopwatch.GetTimestamp() };
    }

    private StoreTotals Plus(string text) => this with
    {
        Commits = Commits + NodeMetrics.Sum(text, "im_store_group_count"),
        Records = Records + NodeMetrics.Sum(text, "im_store_group_sum"),
        Appends = Appends + NodeMetrics.Sum(text, "im_store_append_seconds_count", Committed),
        AppendSeconds = AppendSeconds + NodeMetrics.Sum(text, "im_store_append_seconds_sum", Committed),
    };
}
