using Im.Cli.Bench.Report.Results;

namespace Im.Cli.Bench.Report.Live;

/// <summary>Looks at a counter a few times a second and keeps how fast it grew. Bounded: when it has many points, it keeps each second one and looks half as often.</summary>
internal sealed class RateMeter(string name, Func<long> counter, TimeProvider time)
{
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private const int MaxPoints = 600;
    private readonly long _started = time.GetTimestamp();
    private readonly long _first = counter();
    private readonly List<(TimeSpan At, long Count)> _points = [(TimeSpan.Zero, counter())];
    private TimeSpan _between = Interval;

    public string Name => name;

    public long Count => counter() - _first;

    public TimeSpan Elapsed => time.GetElapsedTime(_started);

    /// <summary>Over the last second or so.</summary>
    public double Now
    {
        get
        {
            var from = _points[Math.Max(0, _points.Count - 6)];
            var to = _points[^1];
            return to.At > from.At ? (to.Count - from.Count) / (to.At - from.At).TotalSeconds : 0;
        }
    }

    /// <summary>Looks once, unless it did just now.</summary>
    public void Look()
    {
        if (Elapsed - _points[^1].At >= _between * 0.9) Add();
    }

    /// <summary>Looks for the last time, however short it is since the time before.</summary>
    public void Finish()
    {
        if (Elapsed > _points[^1].At) Add();
    }

    public RateSeries Series() => new(name, [.. _points.Zip(_points.Skip(1), (from, to) => new RatePoint(to.At.TotalSeconds, (to.Count - from.Count) / (to.At - from.At).TotalSeconds))]);

    private void Add()
    {
        _points.Add((Elapsed, counter()));
        if (_points.Count < MaxPoints) return;
        for (var i = _points.Count - 2; i > 0; i -= 2) _points.RemoveAt(i);
        _between *= 2;
    }
}
