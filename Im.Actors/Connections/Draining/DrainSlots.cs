namespace Im.Actors.Connections.Draining;

/// <summary>
/// When each connection of a node that drains is to go. They go in slots: those of a slot are told when it begins, each leaves at a
/// time of its own within it, and who is left at its end is closed.
/// </summary>
/// <example>2,000 connections, 500 a second, within 10 s: four slots of a second, one after the other, with 500 in each.</example>
internal sealed class DrainSlots
{
    /// <summary>Long enough to spread those of a slot, short enough that a small node is drained soon.</summary>
    private static readonly TimeSpan LongestSlot = TimeSpan.FromSeconds(1);

    /// <summary>However short the time is, a crowd goes in so many slots.</summary>
    private const int LeastSlotsCount = 4;

    public DrainSlots(int connections, DrainPace pace)
    {
        Length = pace.Within / LeastSlotsCount < LongestSlot ? pace.Within / LeastSlotsCount : LongestSlot;
        var slots = Length > TimeSpan.Zero ? (int)(pace.Within / Length) : 1;
        var byRate = (int)Math.Min(int.MaxValue, Math.Ceiling(pace.PerSecond * Length.TotalSeconds));
        PerSlot = Math.Max(1, Math.Max(byRate, (connections + slots - 1) / slots));
        Count = (connections + PerSlot - 1) / PerSlot;
    }

    public TimeSpan Length { get; }

    /// <summary>Connections of one slot.</summary>
    public int PerSlot { get; }

    public int Count { get; }

    public TimeSpan BeginOf(int slot) => Length * slot;

    public TimeSpan EndOf(int slot) => Length * (slot + 1);
}
