using System.Diagnostics;
using Im.Cli.Bench.Clients;
using Im.Cli.Bench.Report;
using Im.Cli.Bench.Wire;
using Im.Cli.Text;

namespace Im.Cli.Bench.Mixed;

/// <summary>What the kinds of work have in common.</summary>
internal static class MixedSteps
{
    /// <summary>Takes all connections through these steps; from then on what is due is at most 1 ms late.</summary>
    /// <exception cref="BenchException">Not all got through.</exception>
    public static async Task TakeAsync(Crowd crowd, int count, LoadShape shape, CancellationToken cancellation, params IEnumerable<Step> steps)
    {
        foreach (var step in steps)
        {
            var wave = await crowd.RunAsync(step, 0, count, 0, shape.Window, null, cancellation);
            if (wave.Failed > 0) throw new BenchException(Say.It($"{wave.Failed} clients are not ready: {Format.Faults(crowd.Errors)}.", $"{wave.Failed} 个客户端未就绪：{Format.Faults(crowd.Errors)}。"));
        }

        foreach (var reactor in crowd.Reactors) reactor.WaitMs = 1;
    }

    /// <summary>Until it is so, or the time is over.</summary>
    public static async Task UntilAsync(Func<bool> isOver, TimeSpan limit, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        while (!isOver() && Stopwatch.GetElapsedTime(started) < limit) await Task.Delay(20, cancellation);
    }
}
