using System.Diagnostics;
using Im.Cli.Bench.Report;

namespace Im.Cli.Bench.Clients;

/// <summary>A part of a run that goes on by itself while the console shows its time.</summary>
internal static class TimedPart
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    /// <summary>Until it is over, or the time is.</summary>
    /// <param name="counter">What the rate is of.</param>
    /// <exception cref="BenchException">The load client failed.</exception>
    public static Task ShowAsync(BenchConsole console, Crowd crowd, string title, TimeSpan time, Func<long> counter, Func<bool> isOver, CancellationToken cancellation) => console.ShowAsync(
        title,
        (int)time.TotalMilliseconds,
        async progress =>
        {
            var started = Stopwatch.GetTimestamp();
            while (!isOver() && Stopwatch.GetElapsedTime(started) < time)
            {
                await Task.Delay(Interval, cancellation);
                crowd.ThrowIfFaulted();
                progress.Report((int)Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }

            return true;
        },
        counter);
}
