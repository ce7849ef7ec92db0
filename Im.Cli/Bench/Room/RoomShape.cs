using System.Text.Json.Serialization;
using Im.Cli.Bench.Report;
using Im.Cli.Text;

namespace Im.Cli.Bench.Room;

/// <summary>Rooms of one size: connection n is in room n / <see cref="RoomConnections"/>, and the last of each room sends.</summary>
/// <param name="Members">Of each, who receive.</param>
internal readonly record struct RoomShape(int Rooms, int Members)
{
    /// <summary>The members, and the one that sends.</summary>
    [JsonIgnore]
    public int RoomConnections => Members + 1;

    public int Connections => Rooms * RoomConnections;

    public int RoomOf(int connection) => connection / RoomConnections;

    public bool IsSender(int connection) => connection % RoomConnections == Members;

    public int SenderOf(int room) => room * RoomConnections + Members;

    /// <summary>Broadcasts go to the rooms in turn: of the first so many, those to this room.</summary>
    public int CountOf(int room, int broadcasts) => broadcasts / Rooms + (room < broadcasts % Rooms ? 1 : 0);

    /// <summary>For people.</summary>
    public override string ToString() => Rooms == 1
        ? Say.It($"room of {Format.Count(Members)}", $"{Format.Count(Members)} 人房间")
        : Say.It($"{Format.Count(Rooms)} rooms of {Format.Count(Members)}", $"{Format.Count(Rooms)} 个 {Format.Count(Members)} 人房间");
}
