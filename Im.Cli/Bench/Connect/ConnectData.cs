using Im.Cli.Bench.Report.Results;
using Im.Cli.Bench.Wire;

namespace Im.Cli.Bench.Connect;

internal static class ConnectData
{
    public static ReportData Of(ConnectReport report) => new([.. report.Targets.SelectMany(Metrics)], [Waves(report), Memory(report)])
    {
        Latencies = [.. report.Targets.SelectMany(target => target.Steps.SelectMany(step => step.Waves.Select(wave => new LatencyCurve(Name(target, step, wave.Step), wave.Latency))))],
        Memory = [.. report.Targets.Select(target => new MemoryCurve(Name(target), [.. target.Steps.Select(step => step.Memory)]))],
        Growth = report.Targets.Any(target => target.Steps.Count(step => step.Held is not null) > 1) ? [Idle(report)] : [],
    };

    private static IEnumerable<Metric> Metrics(ConnectTargetReport target)
    {
        foreach (var step in target.Steps)
        {
            var of = $"{Name(target)}, {step.Memory.Connections}";
            foreach (var wave in step.Waves)
            {
                if (wave.Step == Step.Connect) yield return new Metric(MetricNames.Connects, of, wave.PerSecond);
                if (wave.Step != Step.Login) continue;
                yield return new Metric(MetricNames.Logins, of, wave.PerSecond);
                foreach (var metric in Metric.Latency(of, wave.Latency)) yield return metric;
            }
        }

        if (target.Slope is not { } slope) yield break;
        yield return new Metric(MetricNames.RssEach, target.Target, slope.RssBytes);
        yield return new Metric(MetricNames.HeapEach, target.Target, slope.HeapBytes);
    }

    private static DataTable Waves(ConnectReport report) => new(
        "waves",
        ["target", "round", "connections", "step", "done", "failed", "seconds", "per_second", .. Columns.Latency],
        [.. report.Targets.SelectMany(target => target.Steps.SelectMany(step => step.Waves.Select(wave => (object?[])
        [
            target.Target, target.Round, step.Memory.Connections, wave.Step.ToString(), wave.Done, wave.Failed, wave.Elapsed.TotalSeconds, wave.PerSecond, .. Columns.Of(wave.Latency),
        ])))]);

    private static DataTable Memory(ConnectReport report) => new(
        "memory",
        ["target", "round", "connections", "rss_bytes", "heap_bytes", "kernel_slab_bytes", "socket_buffer_bytes", "tcp_sockets", "rss_each_bytes", "heap_each_bytes", "idle_processors", "idle_rss_bytes"],
        [.. report.Targets.SelectMany(target => target.Steps.Select(step => (object?[])
        [
            target.Target, target.Round, step.Memory.Connections, step.Memory.RssBytes, step.Memory.HeapBytes, step.Memory.KernelSlabBytes, step.Memory.SocketBufferBytes, step.Memory.TcpSockets,
            step.Added?.RssBytes, step.Added?.HeapBytes, step.Held?.Processors, step.Held?.RssBytes,
        ]))]);

    private static GrowthPlot Idle(ConnectReport report) => new(
        "idle",
        new Label("Processors of the server with heartbeats alone", "仅心跳时服务器占用的处理器"),
        new Label("connections", "连接数"),
        "processors",
        [
            .. report.Targets.Select(target => new GrowthCurve(
                Name(target),
                [.. target.Steps.Where(step => step.Held is not null).Select(step => new GrowthPoint(step.Memory.Connections, step.Held!.Processors))])),
        ]);

    /// <summary>The first round goes without its number.</summary>
    private static string Name(ConnectTargetReport target) => target.Round == 1 ? target.Target : $"{target.Target}, round {target.Round}";

    private static string Name(ConnectTargetReport target, ConnectStep step, Step wave) => $"{Name(target)} {wave.ToString().ToLowerInvariant()} → {step.Memory.Connections}";
}
