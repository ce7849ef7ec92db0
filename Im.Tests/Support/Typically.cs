namespace Im.Tests.Support;

/// <summary>How long something takes as a rule: one time may fall into a stall of the machine.</summary>
internal static class Typically
{
    /// <summary>The median of an odd number of times, one after the other.</summary>
    public static async Task<TimeSpan> TakesAsync(int times, Func<int, Task<TimeSpan>> measureAsync)
    {
        var took = new List<TimeSpan>();
        for (var i = 0; i < times; i++) took.Add(await measureAsync(i));
        return took.Order().ElementAt(times / 2);
    }
}
