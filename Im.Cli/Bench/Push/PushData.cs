using Im.Cli.Bench.Report.Results;

namespace Im.Cli.Bench.Push;

internal static class PushData
{
    public static ReportData Of(PushReport report) => new([.. report.Passes.SelectMany(Metrics)], [Table(report)])
    {
        Latencies = [.. report.Passes.SelectMany(pass => new[] { new LatencyCurve($"{Name(pass)}, answered", pass.Answer), new LatencyCurve($"{Name(pass)}, delivered", pass.Delivery) })],
    };

    /// <summary>Without a rate the latency is only the length of the queue: it is no figure then, and with one the pushes a second are only the rate.</summary>
    private static IEnumerable<Metric> Metrics(PushFigures pass)
    {
        if (pass.ServerCpuMicros is { } cpu) yield return new Metric(MetricNames.Cpu, Name(pass), cpu / 1000);
        if (pass.Rate == 0) yield return new Metric(MetricNames.Pushes, Name(pass), pass.PerSecond);
        else foreach (var metric in Metric.Latency($"{Name(pass)}, answered", pass.Answer).Concat(Metric.Latency($"{Name(pass)}, delivered", pass.Delivery))) yield return metric;
    }

    private static DataTable Table(PushReport report) => new(
        "passes",
        ["call", "rate", "written", "missing", "received", "per_second", "server_cpu_us", "server_processors", "client_share", .. Columns.Latency.Select(name => $"answer_{name}"), .. Columns.Latency.Select(name => $"delivery_{name}")],
        [.. report.Passes.Select(pass => (object?[])
        [
            PushPrinter.Name(pass.Call), pass.Rate, pass.Written, pass.Missing, pass.Received, pass.PerSecond, pass.ServerCpuMicros, pass.ServerCpuShare, pass.Client.ProcessShare,
            .. Columns.Of(pass.Answer), .. Columns.Of(pass.Delivery),
        ])]);

    private static string Name(PushFigures pass) => pass.Rate == 0 ? $"{PushPrinter.Name(pass.Call)}, no rate" : $"{PushPrinter.Name(pass.Call)}, {pass.Rate}/s";
}
