namespace Im.Cli.Bench.Storm;

/// <param name="RoomSize">Clients that share a room, and so a cursor's conversation.</param>
/// <param name="Missed">Messages stored in each room while everybody is away.</param>
/// <param name="During">Messages stored in each room while they come back.</param>
/// <param name="Rounds">Storms one after the other; compiled code is measured from the second on.</param>
/// <param name="Jwt">Clients log in with tokens.</param>
/// <param name="Limit">After so long a storm has failed.</param>
/// <param name="Kill">Instead of cutting everybody, the first node of a cluster is killed, where all <paramref name="Clients"/> are.</param>
/// <param name="Others">Clients on the other nodes, in the same rooms, who stay.</param>
/// <param name="Watch">With <paramref name="Kill"/>: how long the other nodes' processor time is looked at, before and after.</param>
internal sealed record StormPlan(int Clients, int RoomSize, int Missed, int During, int SizeBytes, int Rounds, bool Jwt, TimeSpan Limit, bool Kill = false, int Others = 0, TimeSpan Watch = default)
{
    public int Everybody => Clients + Others;

    public int Rooms => (Everybody + RoomSize - 1) / RoomSize;
}
