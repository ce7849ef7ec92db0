using System.Diagnostics;
using Shouldly;

namespace Im.Tests.Support;

/// <summary>Waits for what follows on its own: asks again until it is so, at most as long as its patience.</summary>
internal static class Until
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static Task TrueAsync(Func<bool> condition, Func<string>? otherwise = null, TimeSpan? patience = null) =>
        TrueAsync(() => Task.FromResult(condition()), otherwise, patience);

    public static async Task TrueAsync(Func<Task<bool>> condition, Func<string>? otherwise = null, TimeSpan? patience = null)
    {
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        var started = Stopwatch.GetTimestamp();
        for (var tries = 0; !await condition(); tries++)
        {
            if (Stopwatch.GetElapsedTime(started) > (patience ?? Patience)) throw new ShouldAssertException($"It did not come to be. {otherwise?.Invoke()}");
            if (tries < 50) await Task.Yield();
            else await pause.WaitForNextTickAsync();
        }
    }
}
