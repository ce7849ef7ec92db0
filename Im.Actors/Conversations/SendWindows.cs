namespace Im.Actors.Conversations;

internal enum WindowDecision
{
    /// <summary>The next one.</summary>
    Take,

    /// <summary>It was taken before: only its cid is looked up.</summary>
    Repeat,

    /// <summary>One before it is missing, or its window is over; the source sends again in order.</summary>
    Drop,
}

/// <summary>Keeps the order of what each connection sends: which number is next in its current window.</summary>
/// <remarks>At most <see cref="MaxCount"/> connections; above it all are forgotten, and each window begins anew at its oldest unanswered number.</remarks>
internal sealed class SendWindows
{
    public const int MaxCount = 10_000;

    /// <summary>The window takes nothing more: something of it was refused.</summary>
    private const long Broken = long.MaxValue;

    private readonly Dictionary<string, (long Window, long Next)> _next = [];

    public WindowDecision Decide(SendPlace place)
    {
        if (_next.TryGetValue(place.Connection, out var known) && known.Window >= place.Window)
        {
            if (known.Window > place.Window || known.Next == Broken) return WindowDecision.Drop;
            if (place.Number < known.Next) return WindowDecision.Repeat;
            return IsNext(place, known.Next) ? WindowDecision.Take : WindowDecision.Drop;
        }

        return IsNext(place, place.Oldest) ? WindowDecision.Take : WindowDecision.Drop;
    }

    public void Taken(SendPlace place) => Note(place, place.Number + 1);

    /// <summary>Something before it in its window was refused for a while.</summary>
    public bool IsBroken(SendPlace place) =>
        _next.TryGetValue(place.Connection, out var known) && (known.Window > place.Window || (known.Window == place.Window && known.Next == Broken));

    /// <summary>What is before the oldest unanswered one has its answer, from whomever.</summary>
    private static bool IsNext(SendPlace place, long next) => place.Number == next || place.Number == place.Oldest;

    public void Break(SendPlace place)
    {
        if (!_next.TryGetValue(place.Connection, out var known) || known.Window <= place.Window) Note(place, Broken);
    }

    private void Note(SendPlace place, long next)
    {
        if (_next.Count >= MaxCount && !_next.ContainsKey(place.Connection)) _next.Clear();
        _next[place.Connection] = (place.Window, next);
    }
}
