using Im.Cli.Bench.Report.Results;

namespace Im.Cli.Bench.Freeze;

internal static class FreezeData
{
    public static ReportData Of(FreezeReport report) => new(
        [.. report.Elsewhere.SelectMany(part => Metric.Latency(Name("elsewhere", part), part.Latency))],
        [Table(report)])
    {
        Latencies = [.. report.Elsewhere.Select(part => new LatencyCurve(Name("elsewhere", part), part.Latency)), .. report.OnFrozen.Select(part => new LatencyCurve(Name("on the frozen node", part), part.Latency))],
    };

    private static DataTable Table(FreezeReport report)
    {
        return new DataTable(
            "freeze",
            ["rooms", "part", "broadcasts", "due", "deliveries", "refused", .. Columns.Latency],
            [.. report.Elsewhere.Select(part => Row("elsewhere", part)), .. report.OnFrozen.Select(part => Row("on the frozen node", part))]);

        static object?[] Row(string rooms, FreezeFigures part) => [rooms, part.Part.ToString(), part.Sent, part.Due, part.Deliveries, part.Refused, .. Columns.Of(part.Latency)];
    }

    private static string Name(string rooms, FreezeFigures part) => $"{rooms}, {part.Part.ToString().ToLowerInvariant()}";
}
