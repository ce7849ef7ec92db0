using System.Diagnostics;

namespace Im.Cli.Bench.Push;

internal static class Pacing
{
    private static readonly TimeSpan Grain = TimeSpan.FromMilliseconds(1);

    /// <summary>Waits until a stopwatch time, up to a timer's grain of about a millisecond too long: what is late by that is late in the figures as well.</summary>
    /// <returns>False when it was stopped first.</returns>
    public static async ValueTask<bool> UntilAsync(long due, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var left = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due);
            if (left <= TimeSpan.Zero) return true;
            await Task.Delay(left < Grain ? Grain : left, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return false;
    }
}
