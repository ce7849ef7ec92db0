using Im.Cli.Bench.Report.Results;

namespace Im.Cli.Bench.Storm;

internal static class StormData
{
    public static ReportData Of(StormReport report) => new([.. report.Rounds.SelectMany(Metrics)], report.Plan.Kill ? [Table(report), Cpu(report)] : [Table(report)])
    {
        Latencies = [.. report.Rounds.Select(round => new LatencyCurve(Name(round), round.Back.Latency))],
    };

    private static IEnumerable<Metric> Metrics(StormFigures round)
    {
        yield return new Metric(MetricNames.AllBack, Name(round), round.AllBackMs);
        yield return new Metric(MetricNames.Logins, Name(round), round.Back.PerSecond);
        if (round.ServerCpuMicros is { } cpu) yield return new Metric(MetricNames.Cpu, Name(round), cpu / 1000);
        foreach (var metric in Metric.Latency(Name(round), round.Back.Latency)) yield return metric;
    }

    private static DataTable Table(StormReport report) => new(
        "storms",
        ["round", "back", "failed", "all_back_ms", "logins_per_second", "messages_in_answers", "messages_pushed", "messages_repeated", "tries_refused", "missing", "misordered", "server_cpu_us", "client_busy", .. Columns.Latency],
        [.. report.Rounds.Select(round => (object?[])
        [
            round.Round, round.Back.Done, round.Back.Failed, round.AllBackMs, round.Back.PerSecond, round.InAnswers, round.Pushed,
            round.Repeated, round.Back.Repeated, round.Faults.Missing, round.Faults.Misordered, round.ServerCpuMicros, round.Client.BusiestReactor, .. Columns.Of(round.Back.Latency),
        ])]);

    private static DataTable Cpu(StormReport report) => new(
        "cpu",
        ["part", "second", "processors"],
        [.. report.Rounds.SelectMany(round => Rows("before", round.CpuBefore).Concat(Rows("after", round.CpuAfter)))]);

    private static IEnumerable<object?[]> Rows(string part, IReadOnlyList<double> shares) => shares.Index().Select(share => (object?[])[part, share.Index + 1, share.Item]);

    private static string Name(StormFigures round) => $"storm {round.Round}";
}
