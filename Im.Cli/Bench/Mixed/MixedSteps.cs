using System.Diagnostics;
using Im.Cli.Bench.Clients;
using Im.Cli.Bench.Wire;

namespace Im.Cli.Bench.Mixed;

/// <summary>What the kinds of work have in common.</summary>
internal static class MixedSteps
{
    /// <summary>Takes all connections through these steps; from then on what is due is at most 1 ms late.</summary>
    /// <exception cref="BenchException">Not all got through.</exception>
    public static async Task TakeAsync(Crowd crowd, int count, LoadShape shape, CancellationToken cancellation, params IReadOnlyList<Step> steps)
    {
        await crowd.TakeAsync(count, shape.Window, cancellation, steps);
        foreach (var reactor in crowd.Reactors) reactor.WaitMs = 1;
    }

    /// <summary>Until it is so, or the time is over.</summary>
    public static async Task UntilAsync(Func<bool> isOver, TimeSpan limit, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        while (!isOver() && Stopwatch.GetElapsedTime(started) < limit) await Task.Delay(20, cancellation);
    }
}
