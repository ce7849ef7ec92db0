using Im.Cli.Bench.Measure;

namespace Im.Cli.Bench.Report.Results;

/// <summary>A result as figures, tables and curves, whatever was measured.</summary>
internal sealed record ReportData(IReadOnlyList<Metric> Metrics, IReadOnlyList<DataTable> Tables)
{
    public IReadOnlyList<LatencyCurve> Latencies { get; init; } = [];

    public IReadOnlyList<MemoryCurve> Memory { get; init; } = [];

    public IReadOnlyList<GrowthPlot> Growth { get; init; } = [];
}

/// <param name="Of">Which part of the run, such as a rate or a target; empty when there is one only.</param>
/// <param name="Value">Times in milliseconds.</param>
internal sealed record Metric(MetricName Name, string Of, double Value)
{
    /// <summary>All figures of a latency.</summary>
    public static IEnumerable<Metric> Latency(string of, LatencySummary latency) => latency.Count == 0 ? [] :
    [
        new(MetricNames.P50, of, latency.P50Ms),
        new(MetricNames.P90, of, latency.P90Ms),
        new(MetricNames.P99, of, latency.P99Ms),
        new(MetricNames.P999, of, latency.P999Ms),
        new(MetricNames.Max, of, latency.MaxMs),
    ];
}

/// <param name="File">Name of its CSV without the ending.</param>
/// <param name="Columns">Machine names, the units in them.</param>
/// <param name="Rows">Numbers and texts; null is an empty cell.</param>
internal sealed record DataTable(string File, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<object?>> Rows);

internal sealed record LatencyCurve(string Name, LatencySummary Latency);

/// <summary>A rate over the time of one part of a run.</summary>
internal sealed record RateSeries(string Name, IReadOnlyList<RatePoint> Points);

internal readonly record struct RatePoint(double Seconds, double PerSecond);

/// <summary>Memory of a server as connections come.</summary>
internal sealed record MemoryCurve(string Name, IReadOnlyList<MemorySample> Samples);
