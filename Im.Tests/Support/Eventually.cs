using System.Diagnostics;
using Shouldly;

namespace Im.Tests.Support;

/// <summary>Waits for something that follows on its own, by asking again until it is so.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static async Task ShouldBeAsync<T>(Func<Task<T>> read, T expected)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var actual = await read();
            if (Equals(actual, expected)) return;
            if (Stopwatch.GetElapsedTime(started) > Patience) actual.ShouldBe(expected);
            await Task.Yield();
        }
    }
}
