using System.Globalization;

namespace Im.Cli.Bench.Wire;

/// <summary>Level 2 clients in several rooms: connection n is in room n / <paramref name="roomConnections"/>, and broadcast n goes to room n modulo their number.</summary>
/// <param name="prefix">Of the rooms' names.</param>
internal sealed class RoomsWire(uint app, string prefix, string run, int rooms, int roomConnections) : IWire
{
    private readonly ImLevel2Wire[] _rooms = [.. Enumerable.Range(0, rooms).Select(room => new ImLevel2Wire(app, string.Create(CultureInfo.InvariantCulture, $"{prefix}-{run}-{room}"), run))];

    public string Name => _rooms[0].Name;

    public TimeSpan KeepAliveInterval => _rooms[0].KeepAliveInterval;

    public int Login(Span<byte> target, int user) => _rooms[0].Login(target, user);

    public int Join(Span<byte> target, int user) => _rooms[user / roomConnections].Join(target, user);

    public int Verify(Span<byte> target) => _rooms[0].Verify(target);

    public int KeepAlive(Span<byte> target) => _rooms[0].KeepAlive(target);

    public int Broadcast(Span<byte> target, int number, long sentAt, int sizeBytes) => _rooms[number % rooms].Broadcast(target, number, sentAt, sizeBytes);

    public int Read(ReadOnlySpan<byte> message, out WireMessage read) => _rooms[0].Read(message, out read);
}
