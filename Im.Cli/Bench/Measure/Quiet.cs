using System.Diagnostics;

namespace Im.Cli.Bench.Measure;

/// <summary>Waits until a server has finished what was asked of it.</summary>
internal static class Quiet
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>Until the process uses less than 3 % of one processor in an interval of 300 ms, at most 20 s; without a known process one second.</summary>
    public static async Task WaitAsync(int? processId, CancellationToken cancellation)
    {
        if (processId is not { } id)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), cancellation);
            return;
        }
        var started = Stopwatch.GetTimestamp();
        var before = ProcessCpu.Of(id);
        while (Stopwatch.GetElapsedTime(started) < Limit)
        {
            await Task.Delay(Interval, cancellation);
            var now = ProcessCpu.Of(id);
            if ((now - before) / Interval < 0.03) return;
            before = now;
        }
    }
}
