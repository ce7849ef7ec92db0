using Im.Cli.Bench.Report.Results;

namespace Im.Cli.Bench.Burst;

internal static class BurstData
{
    public static ReportData Of(BurstReport report) => new([.. Metrics(report)], [Table(report)])
    {
        Latencies = [new LatencyCurve("login", report.Burst.Logins.Latency), new LatencyCurve("connect", report.Burst.Connects.Latency)],
    };

    private static IEnumerable<Metric> Metrics(BurstReport report)
    {
        yield return new Metric(MetricNames.Logins, "", report.Burst.Logins.PerSecond);
        foreach (var metric in Metric.Latency("login", report.Burst.Logins.Latency)) yield return metric;
        if (report.Burst.CompleteMs is { } complete) yield return new Metric(MetricNames.AllTold, "enter", complete);
        if (report.Cut?.ToldMs is { } told) yield return new Metric(MetricNames.AllTold, "exit", told);
        if (report.Cut?.GoneMs is { } gone) yield return new Metric(MetricNames.Gone, "", gone);
    }

    private static DataTable Table(BurstReport report) => new(
        "burst",
        ["users", "logins_per_second", "enters", "enters_due", "all_told_ms", "listed", "cut", "gone_ms", "exits_told_ms", "exits_missing", "client_busy", .. Columns.Latency],
        [
            [
                report.Burst.Users, report.Burst.Logins.PerSecond, report.Burst.Enters, report.Burst.EntersDue, report.Burst.CompleteMs, report.Burst.Listed,
                report.Cut?.Users, report.Cut?.GoneMs, report.Cut?.ToldMs, report.Cut?.ExitsMissing, report.Burst.Client.BusiestReactor, .. Columns.Of(report.Burst.Logins.Latency),
            ],
        ]);
}
