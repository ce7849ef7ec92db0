namespace Im.Client.Engine;

/// <summary>Full jitter: any time from 0 to a bound that doubles from 1 s.</summary>
/// <param name="lastMs">The largest bound.</param>
internal sealed class Backoff(Func<double> random, long lastMs = Backoff.LastMs)
{
    private const long FirstMs = 1000;
    private const long LastMs = 30_000;
    private int _failures;

    public long NextMs()
    {
        var bound = Math.Min(lastMs, FirstMs << Math.Min(_failures, 5));
        _failures++;
        return (long)(random() * bound);
    }

    public void Reset() => _failures = 0;
}
