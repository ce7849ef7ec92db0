namespace Im.Client.Engine;

/// <summary>Full jitter: any time from 0 to a bound that doubles from 1 s to 30 s.</summary>
internal sealed class Backoff(Func<double> random)
{
    private const long FirstMs = 1000;
    private const long LastMs = 30_000;
    private int _failures;

    public long NextMs()
    {
        var bound = Math.Min(LastMs, FirstMs << Math.Min(_failures, 5));
        _failures++;
        return (long)(random() * bound);
    }

    public void Reset() => _failures = 0;
}
