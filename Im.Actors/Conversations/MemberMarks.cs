namespace Im.Actors.Conversations;

/// <summary>How far the members have a conversation, as others were told: no mark goes back. At most one entry per member.</summary>
internal sealed class MemberMarks
{
    private readonly Dictionary<string, (long Delivered, long Read)> _told = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (long Delivered, long Read)> _moved = new(StringComparer.Ordinal);

    /// <summary>What an owner before this one told is known.</summary>
    public bool IsLoaded { get; private set; }

    public bool HasMoved => _moved.Count > 0;

    public void Move(string user, long delivered, long read)
    {
        var moved = _moved.GetValueOrDefault(user);
        _moved[user] = (Math.Max(moved.Delivered, delivered), Math.Max(moved.Read, read));
    }

    /// <param name="stored">Null when the store could not be read: it is asked again before the next receipts.</param>
    public void Load(IReadOnlyDictionary<string, (long Delivered, long Read)>? stored)
    {
        if (stored is null || IsLoaded) return;
        IsLoaded = true;

        // A mark that is on disk already may be the one to be told now, so what is stored is told once more.
        foreach (var (user, (delivered, read)) in stored) _told[user] = (Math.Max(0, delivered - 1), Math.Max(0, read - 1));
    }

    /// <summary>What moved forward since the last time; 0 for a mark that did not.</summary>
    public IReadOnlyList<(string User, long Delivered, long Read)> TakeMoved()
    {
        var moved = new List<(string, long, long)>(_moved.Count);
        foreach (var (user, (delivered, read)) in _moved)
        {
            var told = _told.GetValueOrDefault(user);
            var next = (Delivered: delivered > told.Delivered ? delivered : 0, Read: read > told.Read ? read : 0);
            if (next is (0, 0)) continue;
            _told[user] = (Math.Max(told.Delivered, delivered), Math.Max(told.Read, read));
            moved.Add((user, next.Delivered, next.Read));
        }

        _moved.Clear();
        return moved;
    }
}
