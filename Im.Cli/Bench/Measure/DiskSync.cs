using System.Diagnostics;
using HdrHistogram;

namespace Im.Cli.Bench.Measure;

/// <summary>How often a second the disk takes a small write and its sync, one after the other. A host may answer a sync from its cache: then the figure is high.</summary>
internal sealed record DiskSync(double PerSecond, double P50Ms, double P99Ms)
{
    private const int WriteBytes = 4096;

    /// <summary>Appends and syncs for so long in a file of its own, which is removed.</summary>
    public static DiskSync Measure(string directory, TimeSpan time)
    {
        var path = Path.Combine(directory, $"sync-{Environment.ProcessId}.tmp");
        var histogram = Latencies.Create();
        var started = Stopwatch.GetTimestamp();
        try
        {
            using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
            var bytes = new byte[WriteBytes];
            while (Stopwatch.GetElapsedTime(started) < time)
            {
                var before = Stopwatch.GetTimestamp();
                file.Write(bytes);
                file.Flush(flushToDisk: true);
                histogram.RecordTicks(Stopwatch.GetTimestamp() - before);
            }
        }
        finally
        {
            File.Delete(path);
        }
        return Of(histogram, Stopwatch.GetElapsedTime(started));
    }

    private static DiskSync Of(LongHistogram histogram, TimeSpan elapsed)
    {
        var summary = histogram.Summarize();
        return new DiskSync(summary.Count / elapsed.TotalSeconds, summary.P50Ms, summary.P99Ms);
    }
}
