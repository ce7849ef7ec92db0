using System.Globalization;

namespace Im.Cli.Bench.Storm;

/// <summary>
/// What was stored in each room, as the answers said it: the numbers of the messages and their places in the conversation. Written between storms and while one goes on, read by the
/// reactors' threads when they make a login.
/// </summary>
internal sealed class RoomLog(string run, int rooms)
{
    private readonly Lock _lock = new();
    private readonly List<(string Epoch, long Mseq)>[] _records = [.. Enumerable.Range(0, rooms).Select(_ => new List<(string, long)>())];

    public int Rooms => rooms;

    public string NameOf(int room) => string.Create(CultureInfo.InvariantCulture, $"r:storm-{run}-{room}");

    /// <summary>Messages stored in the room; the next one has this number.</summary>
    public int CountOf(int room)
    {
        lock (_lock) return _records[room].Count;
    }

    /// <summary>Notes the answer to the room's next message.</summary>
    public void Add(int room, string epoch, long mseq)
    {
        lock (_lock) _records[room].Add((epoch, mseq));
    }

    /// <summary>Where a message is in its conversation; null when its answer is not known (yet).</summary>
    public (string Epoch, long Mseq)? Find(int room, int number)
    {
        lock (_lock) return number >= 0 && number < _records[room].Count ? _records[room][number] : null;
    }
}
