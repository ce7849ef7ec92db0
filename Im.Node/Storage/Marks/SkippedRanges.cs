namespace Im.Node.Storage.Marks;

/// <summary>What a device went on without.</summary>
/// <param name="Acked">The highest number below <paramref name="To"/> that it is known to have acknowledged before; the store may know a higher one. 0 for none.</param>
internal readonly record struct SkippedRange(long Acked, long To);

/// <summary>
/// What one device skipped in one epoch of its inbox, in the order of its telling. Above <see cref="MaxCount"/> ranges the newest two become one: of what
/// lies between them less is claimed then, never more.
/// </summary>
internal sealed class SkippedRanges
{
    /// <summary>Of one device and epoch, waiting here and kept in the store.</summary>
    public const int MaxCount = 16;

    private readonly List<SkippedRange> _ranges = new(1);

    public IReadOnlyList<SkippedRange> All => _ranges;

    public void Add(SkippedRange range)
    {
        if (_ranges.Count == MaxCount)
        {
            range = new SkippedRange(Math.Min(_ranges[^1].Acked, range.Acked), Math.Max(_ranges[^1].To, range.To));
            _ranges.RemoveAt(MaxCount - 1);
        }

        _ranges.Add(range);
    }
}
