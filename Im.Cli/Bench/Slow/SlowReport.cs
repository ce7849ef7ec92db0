using Im.Cli.Bench.Measure;
using Im.Cli.Bench.Report;
using Im.Cli.Bench.Report.Results;
using Im.Cli.Bench.Room;

namespace Im.Cli.Bench.Slow;

/// <param name="EndedAfterMs">From the moment it stopped reading until its connection was ended; null when it never was.</param>
/// <param name="PeakRssBytes">Highest resident memory of the server meanwhile, where it is known.</param>
internal sealed record SlowReport(
    int Members,
    int SizeBytes,
    LatencySummary Before,
    LatencySummary During,
    long DeliveriesDuring,
    double? EndedAfterMs,
    string? EndedBy,
    long? RssBeforeBytes,
    long? PeakRssBytes,
    IReadOnlyList<string> Problems) : BenchReport("slow", Problems)
{
    public override ReportData ToData() => SlowData.Of(this);

    public static SlowReport Of(int members, int sizeBytes, BroadcastResult before, BroadcastResult during, ClientLoad client, double? endedAfterMs, string? endedBy, long? rssBefore, long? rssPeak)
    {
        var problems = new List<string>();
        foreach (var (name, result) in new[] { ("before", before), ("during", during) })
        {
            if (!result.Faults.None) problems.Add($"{name}: {Format.Faults(result.Faults)}");
        }
        if (endedAfterMs is null) problems.Add("the slow reader was never ended");
        if (client.Refusal is { } refusal) problems.Add(refusal);
        return new SlowReport(members, sizeBytes, before.Latency, during.Latency, during.Deliveries, endedAfterMs, endedBy, rssBefore, rssPeak, problems);
    }
}
