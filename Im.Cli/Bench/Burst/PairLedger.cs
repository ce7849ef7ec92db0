namespace Im.Cli.Bench.Burst;

/// <param name="Missing">Pairs of which neither was told about the other.</param>
/// <param name="Mutual">Pairs of which both were told: no single order of logins explains that.</param>
/// <param name="Doubled">Told about the same user more than once.</param>
/// <param name="Self">Told about themselves.</param>
/// <param name="HasOrder">The counts are 0, 1, … n−1, as only one order for all of them gives.</param>
internal sealed record PairVerdict(long Missing, long Mutual, long Doubled, long Self, bool HasOrder)
{
    public bool Holds => Missing == 0 && Mutual == 0 && Doubled == 0 && Self == 0 && HasOrder;
}

/// <summary>
/// Who was told about whom: one bit for each ordered pair, 1.1 MB for 3,000 users. A receiver's row belongs to one thread.
/// </summary>
internal sealed class PairLedger(int users)
{
    private readonly int _stride = (users + 63) / 64;
    private readonly ulong[] _bits = new ulong[users * ((users + 63) / 64)];
    private readonly int[] _told = new int[users];
    private long _total;
    private long _doubled;

    /// <summary>First notices so far; for n users in a burst n(n−1)/2 are due.</summary>
    public long Total => Interlocked.Read(ref _total);

    public static long Due(int users) => (long)users * (users - 1) / 2;

    /// <summary>Notes that a user was told about another; false when it knew already or there is no such user.</summary>
    public bool Note(int receiver, int about)
    {
        if ((uint)about >= (uint)users || (uint)receiver >= (uint)users) return false;
        ref var word = ref _bits[receiver * _stride + (about >> 6)];
        var bit = 1UL << (about & 63);
        if ((word & bit) != 0)
        {
            Interlocked.Increment(ref _doubled);
            return false;
        }
        word |= bit;
        _told[receiver]++;
        Interlocked.Increment(ref _total);
        return true;
    }

    public bool Knows(int receiver, int about) => (_bits[receiver * _stride + (about >> 6)] & (1UL << (about & 63))) != 0;

    /// <summary>Of each pair exactly one was told about the other, once, and one order explains it all.</summary>
    public PairVerdict JudgeOrder()
    {
        long missing = 0, mutual = 0, self = 0;
        for (var one = 0; one < users; one++)
        {
            if (Knows(one, one)) self++;
            for (var other = one + 1; other < users; other++)
            {
                var (forth, back) = (Knows(one, other), Knows(other, one));
                if (forth && back) mutual++;
                else if (!forth && !back) missing++;
            }
        }
        return new PairVerdict(missing, mutual, _doubled, self, _told.Order().Select((count, place) => count == place).All(fits => fits));
    }

    /// <summary>Every user from <paramref name="gone"/> on was told once about each below it. Returns what is missing and what came too often or wrongly.</summary>
    public (long Missing, long Surplus) JudgeExits(int gone)
    {
        long missing = 0, surplus = _doubled;
        for (var receiver = gone; receiver < users; receiver++)
        {
            for (var about = 0; about < users; about++)
            {
                var knows = Knows(receiver, about);
                if (about < gone && !knows) missing++;
                else if (about >= gone && knows) surplus++;
            }
        }
        return (missing, surplus);
    }
}
