using Im.Cli.Bench.Measure;

namespace Im.Cli.Bench.Report.Results;

/// <summary>Cells that many tables have.</summary>
internal static class Columns
{
    public static IReadOnlyList<string> Latency { get; } = ["p50_ms", "p90_ms", "p99_ms", "p999_ms", "max_ms"];

    public static IEnumerable<object?> Of(LatencySummary latency) => [latency.P50Ms, latency.P90Ms, latency.P99Ms, latency.P999Ms, latency.MaxMs];
}
