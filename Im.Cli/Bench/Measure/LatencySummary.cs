using System.Text.Json.Serialization;

namespace Im.Cli.Bench.Measure;

/// <summary>What a histogram of latencies comes to.</summary>
internal sealed record LatencySummary(long Count, double P50Ms, double P99Ms, double MaxMs)
{
    public double P90Ms { get; init; }

    public double P999Ms { get; init; }

    /// <summary>From the lowest to the highest; for plots and tables.</summary>
    [JsonIgnore]
    public IReadOnlyList<LatencyPoint> Curve { get; init; } = [];
}

/// <param name="Percentile">0–100.</param>
internal readonly record struct LatencyPoint(double Percentile, double Ms);
