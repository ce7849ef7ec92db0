using Im.Cli.Bench.Measure;
using Im.Cli.Bench.Report.Results;

namespace Im.Cli.Bench.Slow;

internal static class SlowData
{
    private const string Before = "everybody reads", During = "one has stopped";

    public static ReportData Of(SlowReport report) => new([.. Metrics(report)], [Table(report)])
    {
        Latencies = [new LatencyCurve(Before, report.Before), new LatencyCurve(During, report.During)],
    };

    private static IEnumerable<Metric> Metrics(SlowReport report)
    {
        foreach (var metric in Metric.Latency(Before, report.Before).Concat(Metric.Latency(During, report.During))) yield return metric;
        if (report.EndedAfterMs is { } ended) yield return new Metric(MetricNames.Ended, "", ended);
        if (report.PeakRssBytes is { } peak) yield return new Metric(MetricNames.RssPeak, "", peak);
    }

    private static DataTable Table(SlowReport report)
    {
        return new DataTable("slow", ["part", "deliveries", "rss_bytes", "ended_after_ms", .. Columns.Latency], [Row(Before, report.Before, report.RssBeforeBytes, null), Row(During, report.During, report.PeakRssBytes, report.EndedAfterMs)]);

        static object?[] Row(string name, LatencySummary latency, long? rss, double? ended) => [name, latency.Count, rss, ended, .. Columns.Of(latency)];
    }
}
