namespace Im.Node.Storage.Reads;

/// <summary>Numbers of records, both ends included.</summary>
internal readonly record struct RecordRange(long From, long To)
{
    public long Count => To - From + 1;
}

/// <summary>
/// What one reader may see of a conversation: all that is kept, or of it what lies in the reader's stays. Numbers are dense, so
/// a page is found by arithmetic; it lies in one stay, so that it is dense too.
/// </summary>
internal sealed class VisibleRecords
{
    private readonly IReadOnlyList<RecordRange> _ranges;

    private VisibleRecords(IReadOnlyList<RecordRange> ranges, long head)
    {
        _ranges = ranges;
        Head = head;
        First = ranges.Count > 0 ? ranges[0].From : head + 1;
    }

    /// <summary>The first number that is kept and may be seen; head + 1 when there is none.</summary>
    public long First { get; }

    /// <summary>The conversation's head, or the end of the reader's last stay.</summary>
    public long Head { get; }

    public static VisibleRecords All(long first, long head) => new(first <= head ? [new RecordRange(first, head)] : [], head);

    /// <param name="stays">Ascending; an end of null lasts.</param>
    public static VisibleRecords Of(long first, long head, IReadOnlyList<(long From, long? To)> stays)
    {
        var ranges = stays.Select(stay => new RecordRange(Math.Max(stay.From, first), Math.Min(stay.To ?? head, head))).Where(range => range.Count > 0);
        return new VisibleRecords([.. ranges], Math.Min(stays.Max(stay => stay.To ?? head), head));
    }

    /// <summary>The page next to a number, or the newest without one; null when there is none.</summary>
    public RecordRange? Page(long? before, long? after, int limit)
    {
        if (after is { } below)
        {
            foreach (var range in _ranges)
            {
                if (below >= range.To) continue;
                var from = Math.Max(range.From, below + 1);
                return new RecordRange(from, Math.Min(range.To, from + limit - 1));
            }

            return null;
        }

        for (var i = _ranges.Count - 1; i >= 0; i--)
        {
            if (before <= _ranges[i].From) continue;
            var to = Math.Min(_ranges[i].To, (before ?? long.MaxValue) - 1);
            return new RecordRange(Math.Max(_ranges[i].From, to - limit + 1), to);
        }

        return null;
    }

    /// <summary>Everything after a cursor when it is all there, without a hole: an empty range when nothing follows, null when something is missing.</summary>
    public RecordRange? Since(long cursor)
    {
        if (cursor > Head || First > cursor + 1) return null;
        if (cursor == Head) return new RecordRange(cursor + 1, cursor);
        var last = _ranges[^1];
        return last.From <= cursor + 1 && last.To == Head ? new RecordRange(cursor + 1, Head) : null;
    }
}
