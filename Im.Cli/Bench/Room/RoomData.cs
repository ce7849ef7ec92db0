using Im.Cli.Bench.Report.Results;

namespace Im.Cli.Bench.Room;

internal static class RoomData
{
    public static ReportData Of(RoomReport report) => new([.. report.Runs.SelectMany(Metrics)], [Runs(report)])
    {
        Latencies = [.. report.Runs.Select(run => new LatencyCurve(Name(run), run.Latency))],
    };

    private static IEnumerable<Metric> Metrics(RoomRun run) =>
    [
        new Metric(MetricNames.Deliveries, Name(run), run.DeliveriesPerSecond),
        new Metric(MetricNames.Cpu, Name(run), run.ServerCpuMicros / 1000),
        .. run.Crossings is { } crossings ? [new Metric(MetricNames.Crossings, Name(run), crossings)] : Array.Empty<Metric>(),
        .. Metric.Latency(Name(run), run.Latency),
    ];

    private static DataTable Runs(RoomReport report) => new(
        "runs",
        ["target", "round", "in_flight", "rate", "sent", "deliveries", "deliveries_per_second", "server_cpu_us", "client_cpu_us", "client_busy", "missing", "doubled", "misordered", "crossings", .. Columns.Latency],
        [.. report.Runs.Select(run => (object?[])
        [
            run.Target, run.Round, run.InFlight, run.Rate, run.Sent, run.Deliveries, run.DeliveriesPerSecond, run.ServerCpuMicros, run.ClientCpuMicros, run.Client.BusiestReactor,
            run.Faults.Missing, run.Faults.Doubled, run.Faults.Misordered, run.Crossings, .. Columns.Of(run.Latency),
        ])]);

    private static string Name(RoomRun run) => $"{run.Target}, round {run.Round}, {run.Pace}";
}
