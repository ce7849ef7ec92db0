using Im.Cli.Bench.Report;
using Im.Cli.Bench.Report.Results;

namespace Im.Cli.Bench.Room;

internal static class RoomData
{
    private static readonly GrowthAxis[] Axes =
    [
        new(new Label("members of a room", "房间成员数"), median => median.Shape.Members, median => $"{median.Target}, {Format.Count(median.Shape.Rooms)} ×, {median.Pace}"),
        new(new Label("rooms", "房间数"), median => median.Shape.Rooms, median => $"{median.Target}, {median.Pace}"),
        new(new Label("nodes", "节点数"), median => median.Nodes, median => median.Pace.ToString()),
    ];

    public static ReportData Of(RoomReport report) => new([.. report.Runs.SelectMany(run => Metrics(run, Name(report, run)))], [Runs(report), Medians(report)])
    {
        Latencies = [.. report.Runs.Select(run => new LatencyCurve(Name(report, run), run.Latency))],
        Growth = [.. Growth(report)],
    };

    private static IEnumerable<Metric> Metrics(RoomRun run, string name) =>
    [
        new Metric(MetricNames.Deliveries, name, run.DeliveriesPerSecond),
        new Metric(MetricNames.Cpu, name, run.ServerCpuMicros / 1000),
        .. run.Crossings is { } crossings ? [new Metric(MetricNames.Crossings, name, crossings)] : Array.Empty<Metric>(),
        .. Metric.Latency(name, run.Latency),
    ];

    private static DataTable Runs(RoomReport report) => new(
        "runs",
        ["target", "nodes", "rooms", "members", "round", "in_flight", "rate", "sent", "deliveries", "deliveries_per_second", "server_cpu_us", "client_cpu_us", "client_busy", "missing", "doubled", "misordered", "crossings", .. Columns.Latency],
        [.. report.Runs.Select(run => (object?[])
        [
            run.Target, run.Nodes, run.Shape.Rooms, run.Shape.Members, run.Round, run.InFlight, run.Rate, run.Sent, run.Deliveries, run.DeliveriesPerSecond, run.ServerCpuMicros, run.ClientCpuMicros, run.Client.BusiestReactor,
            run.Faults.Missing, run.Faults.Doubled, run.Faults.Misordered, run.Crossings, .. Columns.Of(run.Latency),
        ])]);

    private static DataTable Medians(RoomReport report) => new(
        "medians",
        ["target", "nodes", "rooms", "members", "in_flight", "rate", "deliveries_per_second", "server_cpu_us", "p50_ms", "p99_ms", "max_ms"],
        [.. report.Medians.Select(median => (object?[])
        [
            median.Target, median.Nodes, median.Shape.Rooms, median.Shape.Members, median.Pace.InFlight, median.Pace.Rate,
            median.DeliveriesPerSecond, median.ServerCpuMicros, median.P50Ms, median.P99Ms, median.MaxMs,
        ])]);

    /// <summary>What a delivery costs against members, rooms or nodes: the first of these of which there were several numbers.</summary>
    private static IEnumerable<GrowthPlot> Growth(RoomReport report)
    {
        if (Axes.FirstOrDefault(axis => report.Medians.Select(axis.Place).Distinct().Count() > 1) is not { } axis) yield break;
        var curves = report.Medians.GroupBy(axis.Curve).Select(curve => new GrowthCurve(curve.Key, [.. curve.Select(median => new GrowthPoint(axis.Place(median), median.ServerCpuMicros)).OrderBy(point => point.X)]));
        yield return new GrowthPlot("growth", new Label("Server CPU of a delivery", "每次投递的服务器 CPU"), axis.Title, "µs", [.. curves]);
    }

    private static string Name(RoomReport report, RoomRun run)
    {
        var shape = report.Runs.All(other => other.Shape == run.Shape) ? "" : $", {run.Shape}";
        return $"{run.Target}{shape}, round {run.Round}, {run.Pace}";
    }

    /// <param name="Place">On the axis.</param>
    /// <param name="Curve">Name of the curve that a figure belongs to: all but what is on the axis.</param>
    private sealed record GrowthAxis(Label Title, Func<RoomMedian, int> Place, Func<RoomMedian, string> Curve);
}
