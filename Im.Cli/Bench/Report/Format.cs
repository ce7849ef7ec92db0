using System.Globalization;
using Im.Cli.Bench.Clients;
using Im.Cli.Bench.Measure;
using Im.Cli.Bench.Room;
using Im.Cli.Text;

namespace Im.Cli.Bench.Report;

/// <summary>Figures as a reader wants them, in the invariant culture.</summary>
internal static class Format
{
    public static string Count(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    public static string Bytes(double value) => Math.Abs(value) switch
    {
        >= 10 * 1024 * 1024 => Invariant($"{value / 1024 / 1024:N1} MiB"),
        >= 10 * 1024 => Invariant($"{value / 1024:N1} KiB"),
        _ => Invariant($"{value:N0} B"),
    };

    public static string Milliseconds(double value) => value < 10 ? Invariant($"{value:0.00} ms") : Invariant($"{value:N0} ms");

    public static string Seconds(TimeSpan value) => Invariant($"{value.TotalSeconds:0.00} s");

    public static string Microseconds(double value) => Invariant($"{value:0.00} µs");

    public static string Percent(double value) => Invariant($"{value * 100:0} %");

    public static string Ratio(double value) => Invariant($"{value:0.000}");

    public static string Latency(LatencySummary latency) =>
        $"p50 {Milliseconds(latency.P50Ms)}  p99 {Milliseconds(latency.P99Ms)}  max {Milliseconds(latency.MaxMs)}";

    public static string Wave(string name, WaveResult wave) =>
        Say.It(
            $"{name}: {Count(wave.Done)} in {Seconds(wave.Elapsed)}, {Count(wave.PerSecond)}/s, {Latency(wave.Latency)}",
            $"{name}：{Count(wave.Done)} 个，用时 {Seconds(wave.Elapsed)}，{Count(wave.PerSecond)}/秒，{Latency(wave.Latency)}")
        + (wave.Failed > 0 ? Say.It($", {Count(wave.Failed)} FAILED", $"，{Count(wave.Failed)} 个失败") : "");

    public static string Faults(IReadOnlyDictionary<string, int> errors) =>
        string.Join("; ", errors.OrderByDescending(error => error.Value).Take(5).Select(error => $"{Count(error.Value)} × {error.Key}"));

    /// <summary>What receivers got wrong.</summary>
    public static string Faults(DeliveryFaults faults) =>
        Say.It(
            $"{Count(faults.Missing)} missing, {Count(faults.Doubled)} doubled, {Count(faults.Misordered)} out of order",
            $"缺少 {Count(faults.Missing)} 条，重复 {Count(faults.Doubled)} 条，乱序 {Count(faults.Misordered)} 条");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
