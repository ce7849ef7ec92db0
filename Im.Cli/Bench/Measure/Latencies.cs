using System.Diagnostics;
using HdrHistogram;

namespace Im.Cli.Bench.Measure;

/// <summary>Histograms of microseconds, up to ten minutes, two digits exact.</summary>
internal static class Latencies
{
    private const long HighestMicroseconds = 600_000_000;
    private static readonly double MicrosecondsPerTick = 1e6 / Stopwatch.Frequency;

    public static LongHistogram Create() => new(HighestMicroseconds, 2);

    /// <summary>Ticks of the stopwatch; what is above the range counts as its end.</summary>
    public static void RecordTicks(this LongHistogram histogram, long ticks) =>
        histogram.RecordValue(Math.Clamp((long)(ticks * MicrosecondsPerTick), 0, HighestMicroseconds));

    public static LongHistogram Merge(IEnumerable<LongHistogram> histograms)
    {
        var merged = Create();
        foreach (var histogram in histograms) merged.Add(histogram);
        return merged;
    }

    public static LatencySummary Summarize(this LongHistogram histogram) => histogram.TotalCount == 0
        ? new LatencySummary(0, 0, 0, 0)
        : new LatencySummary(histogram.TotalCount, histogram.At(50), histogram.At(99), histogram.GetMaxValue() / 1000.0)
        {
            P90Ms = histogram.At(90),
            P999Ms = histogram.At(99.9),
            Curve = [.. PercentileScale.Up(histogram.TotalCount).Select(percentile => new LatencyPoint(percentile, histogram.At(percentile)))],
        };

    private static double At(this LongHistogram histogram, double percentile) => histogram.GetValueAtPercentile(percentile) / 1000.0;
}
