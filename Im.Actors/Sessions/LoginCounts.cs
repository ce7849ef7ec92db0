namespace Im.Actors.Sessions;

/// <summary>
/// Counts keys within a fixed window of time, all forgotten at its end. At most 100,000 keys; beyond that new ones are not counted
/// until the window is over, while those known stay counted.
/// </summary>
internal sealed class LoginCounts<TKey>(TimeSpan window, TimeProvider time)
    where TKey : notnull
{
    public const int MaxCount = 100_000;

    private readonly Dictionary<TKey, int> _counts = [];
    private long _since = time.GetTimestamp();

    /// <summary>Milliseconds until the window ends, at least 1.</summary>
    public long LeftMs
    {
        get
        {
            lock (_counts) return Math.Max(1, (long)(window - time.GetElapsedTime(_since)).TotalMilliseconds);
        }
    }

    public int Of(TKey key)
    {
        lock (_counts)
        {
            Turn();
            return _counts.GetValueOrDefault(key);
        }
    }

    /// <returns>The count with this one.</returns>
    public int Add(TKey key)
    {
        lock (_counts)
        {
            Turn();
            var count = _counts.GetValueOrDefault(key) + 1;
            if (count > 1 || _counts.Count < MaxCount) _counts[key] = count;
            return count;
        }
    }

    private void Turn()
    {
        if (time.GetElapsedTime(_since) < window) return;
        _since = time.GetTimestamp();
        _counts.Clear();
    }
}
