using System.Diagnostics;

namespace Im.Cli.Bench.Measure;

/// <summary>Waits until a server has finished what was asked of it.</summary>
internal static class Quiet
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>As <see cref="QuietJudge"/> sees it in intervals of 300 ms, at most 20 s; without a known process one second.</summary>
    public static async Task WaitAsync(ServerProcesses processes, CancellationToken cancellation)
    {
        if (processes.Cpu is not { } before)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), cancellation);
            return;
        }

        var judge = new QuietJudge(processes.Ids.Count);
        var (started, since) = (Stopwatch.GetTimestamp(), Stopwatch.GetTimestamp());
        while (Stopwatch.GetElapsedTime(started) < Limit)
        {
            await Task.Delay(Interval, cancellation);
            var (now, at) = (processes.Cpu!.Value, Stopwatch.GetTimestamp());
            if (judge.IsQuietAfter((now - before) / Stopwatch.GetElapsedTime(since, at))) return;
            (before, since) = (now, at);
        }
    }
}
