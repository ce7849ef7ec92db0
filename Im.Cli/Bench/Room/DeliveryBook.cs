namespace Im.Cli.Bench.Room;

/// <summary>What a room's receivers got wrong; all zero when every one has every broadcast once and in order.</summary>
/// <param name="Missing">Never came.</param>
/// <param name="Doubled">Came more than once.</param>
/// <param name="Misordered">Came after a later one.</param>
internal sealed record DeliveryFaults(long Missing, long Doubled, long Misordered)
{
    public bool None => Missing == 0 && Doubled == 0 && Misordered == 0;
}

/// <summary>
/// Checks at each receiver that numbers come without a gap and in order. A receiver belongs to one thread; only the rare fault is shared.
/// </summary>
internal sealed class DeliveryBook
{
    private readonly int[] _expected;
    private readonly Func<int, int> _first;

    /// <summary>Per receiver the numbers that were skipped and have not come since; receivers without a gap have no entry.</summary>
    private readonly Dictionary<int, HashSet<int>> _gaps = [];
    private readonly Lock _lock = new();
    private long _doubled;
    private long _misordered;
    private long _unexpected;

    /// <param name="first">Number of the first broadcast that is expected.</param>
    public DeliveryBook(int receivers, int first) : this(receivers, _ => first)
    {
    }

    /// <param name="first">The same by receiver.</param>
    public DeliveryBook(int receivers, Func<int, int> first)
    {
        _first = first;
        _expected = [.. Enumerable.Range(0, receivers).Select(first)];
    }

    /// <summary>The number that a receiver waits for; read it on the receiver's thread, or when it is quiet.</summary>
    public int NextOf(int receiver) => _expected[receiver];

    /// <summary>Notes one delivery; true when it is the receiver's first copy of this number.</summary>
    public bool Note(int receiver, int number)
    {
        ref var expected = ref _expected[receiver];
        if (number == expected)
        {
            expected++;
            return true;
        }
        return NoteFault(receiver, number, ref expected);
    }

    /// <summary>Closes the book: every receiver should have everything below <paramref name="end"/>. Call it when the receivers are quiet.</summary>
    /// <param name="excluded">A receiver that is not asked (the one that stopped reading), or −1.</param>
    public DeliveryFaults Close(int end, int excluded = -1) => Close(_ => end, receiver => receiver != excluded);

    /// <param name="end">By receiver.</param>
    /// <param name="isAsked">Others are left out.</param>
    public DeliveryFaults Close(Func<int, int> end, Func<int, bool> isAsked)
    {
        lock (_lock)
        {
            long missing = 0;
            for (var receiver = 0; receiver < _expected.Length; receiver++)
            {
                if (!isAsked(receiver)) continue;
                missing += Math.Max(0, end(receiver) - _expected[receiver]);
                if (_gaps.TryGetValue(receiver, out var gap)) missing += gap.Count;
            }
            return new DeliveryFaults(missing, _doubled + _unexpected, _misordered);
        }
    }

    /// <summary>The same where each receiver has an end of its own.</summary>
    public DeliveryFaults Close(IReadOnlyList<int> ends)
    {
        lock (_lock)
        {
            var missing = ends.Index().Sum(end => (long)Math.Max(0, end.Item - _expected[end.Index])) + _gaps.Values.Sum(gap => (long)gap.Count);
            var unsent = ends.Index().Sum(end => (long)Math.Max(0, _expected[end.Index] - end.Item));
            return new DeliveryFaults(missing, _doubled + _unexpected + unsent, _misordered);
        }
    }

    private bool NoteFault(int receiver, int number, ref int expected)
    {
        lock (_lock)
        {
            if (number < _first(receiver))
            {
                _unexpected++;
                return false;
            }
            if (number > expected)
            {
                if (!_gaps.TryGetValue(receiver, out var gap)) _gaps[receiver] = gap = [];
                for (var skipped = expected; skipped < number; skipped++) gap.Add(skipped);
                expected = number + 1;
                return true;
            }
            if (_gaps.TryGetValue(receiver, out var open) && open.Remove(number))
            {
                _misordered++;
                return true;
            }
            _doubled++;
            return false;
        }
    }
}
