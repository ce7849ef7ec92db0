using Im.Cli.Bench.Report.Results;

namespace Im.Cli.Bench.Send;

internal static class SendData
{
    public static ReportData Of(SendReport report) => new([.. Metrics(report)], [Table(report)])
    {
        Latencies = [.. report.Paced.Prepend(report.Free).Select(pass => new LatencyCurve(Name(pass), pass.Latency))],
    };

    /// <summary>The first pass's latency is only the length of its queue: it is no figure.</summary>
    private static IEnumerable<Metric> Metrics(SendReport report) =>
        report.Paced.SelectMany(pass => Metric.Latency(Name(pass), pass.Latency)).Prepend(new Metric(MetricNames.Acked, "", report.Free.AckedPerSecond));

    private static DataTable Table(SendReport report) => new(
        "passes",
        ["rate", "acked", "missing", "acked_per_second", "server_processors", "client_busy", "disk_syncs_per_second", "commits_per_second", "records_per_commit", "append_ms", .. Columns.Latency],
        [.. report.Paced.Prepend(report.Free).Select(pass => (object?[])
        [
            pass.Rate, pass.Acked, pass.Missing, pass.AckedPerSecond, pass.ServerCpuShare, pass.Client.BusiestReactor, report.Disk?.PerSecond, pass.Store?.CommitsPerSecond, pass.Store?.RecordsPerCommit, pass.Store?.AppendMs, .. Columns.Of(pass.Latency),
        ])]);

    private static string Name(SendFigures pass) => pass.Rate == 0 ? "no rate" : $"{pass.Rate}/s";
}
