namespace Im.Cli.Bench.Freeze;

/// <param name="Members">Of each room, besides the one that sends.</param>
/// <param name="Rate">Broadcasts a second, all rooms together.</param>
/// <param name="Time">Of each of the three parts: before, while the node is frozen, and after.</param>
internal sealed record FreezePlan(int Rooms, int Members, int Rate, int SizeBytes, TimeSpan Time)
{
    public int Connections => Rooms * RoomConnections;

    /// <summary>The members, and last the one that sends.</summary>
    public int RoomConnections => Members + 1;
}

internal enum FreezePart
{
    /// <summary>Compiles the code that is measured; counts as nothing.</summary>
    WarmUp,
    Before,
    Frozen,
    After,
}
