using System.Diagnostics;

namespace Im.Cli.Bench.Measure;

/// <summary>Waits until a server has finished what was asked of it.</summary>
internal static class Quiet
{
    private const double AloneShare = 0.03, ClusterShare = 0.10;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan AloneLimit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan ClusterLimit = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Until the process uses less than 3 % of one processor in an interval of 300 ms, at most 20 s; without a known process one second. Nodes of a cluster talk to each other all the
    /// time: several processes are quiet when they use less than 10 % each, and are waited for 3 s.
    /// </summary>
    public static async Task WaitAsync(ServerProcesses processes, CancellationToken cancellation)
    {
        if (processes.Cpu is not { } before)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), cancellation);
            return;
        }
        var (share, limit) = processes.Ids.Count == 1 ? (AloneShare, AloneLimit) : (ClusterShare * processes.Ids.Count, ClusterLimit);
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < limit)
        {
            await Task.Delay(Interval, cancellation);
            var now = processes.Cpu!.Value;
            if ((now - before) / Interval < share) return;
            before = now;
        }
    }
}
