using Im.Cli.Bench.Report.Results;

namespace Im.Cli.Bench.Mixed;

internal static class MixedData
{
    public static ReportData Of(MixedReport report) => new([.. report.Kinds.SelectMany(kind => Metric.Latency(kind.Kind, kind.Latency))], [Table(report)])
    {
        Latencies = [.. report.Kinds.Select(kind => new LatencyCurve(kind.Kind, kind.Latency))],
    };

    private static DataTable Table(MixedReport report) => new(
        "kinds",
        ["kind", "rate", "due", "done", "refused", "missing", "doubled", "misordered", .. Columns.Latency],
        [.. report.Kinds.Select(kind => (object?[])
        [
            kind.Kind, kind.Rate, kind.Due, kind.Done, kind.Refused, kind.Faults.Missing, kind.Faults.Doubled, kind.Faults.Misordered, .. Columns.Of(kind.Latency),
        ])]);
}
