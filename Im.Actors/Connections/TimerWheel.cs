namespace Im.Actors.Connections;

/// <summary>Something with deadlines. An intrusive list node, so that a deadline costs a connection no allocation.</summary>
public abstract class WheelEntry
{
    internal WheelEntry? Next;
    internal WheelEntry? Previous;
    internal int Bucket = -1;

    /// <summary>Called on the wheel's thread when the deadline is reached; post and return.</summary>
    /// <param name="nowMs">The wheel's clock.</param>
    /// <returns>The next deadline on the same clock, or 0 for none.</returns>
    protected internal abstract long OnDue(long nowMs);
}

/// <summary>
/// One hashed wheel per node for every deadline of a socket: handshake, login, silence, write stall, linger. Activity
/// does not touch it: an entry that comes due looks at its own last activity and names its next deadline.
/// </summary>
public sealed class TimerWheel : IDisposable
{
    public const int TickMs = 50;

    /// <summary>409 s: beyond the longest default deadline, so that an idle connection is looked at once per time-out.</summary>
    private const int BucketsCount = 8192;

    /// <summary>A tick that comes so late means that the process stood still, and that its readers did too.</summary>
    private const int LeapMs = 1_000;

    /// <summary>Ticks after a leap in which nothing comes due: time to read the signs of life that came in meanwhile.</summary>
    private const int GraceTicks = 20;

    /// <summary>When a callback that threw is called again.</summary>
    private const int RetryMs = 1_000;

    private readonly WheelEntry?[] _buckets = new WheelEntry?[BucketsCount];
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly Action<Exception> _failed;
    private readonly long _start;
    private readonly ITimer _timer;
    private readonly List<WheelEntry> _due = [];
    private int _advancing;
    private int _grace;
    private int _count;
    private long _tick;
    private long _nowMs = 1;

    /// <param name="failed">Told of a callback that threw.</param>
    public TimerWheel(TimeProvider time, Action<Exception>? failed = null)
    {
        _time = time;
        _failed = failed ?? (_ => { });
        _start = time.GetTimestamp();
        _timer = time.CreateTimer(static state => ((TimerWheel)state!).Advance(), this, TimeSpan.FromMilliseconds(TickMs), TimeSpan.FromMilliseconds(TickMs));
    }

    /// <summary>Milliseconds since the wheel began, at the granularity of a tick: cheap enough for every frame.</summary>
    public long NowMs => Volatile.Read(ref _nowMs);

    /// <summary>Entries that have a deadline.</summary>
    internal int Count
    {
        get { lock (_gate) return _count; }
    }

    /// <summary>Sets or moves the entry's deadline; deadlines beyond the wheel's span are looked at earlier.</summary>
    public void Schedule(WheelEntry entry, long dueMs)
    {
        lock (_gate)
        {
            Unlink(entry);
            Link(entry, dueMs);
        }
    }

    public void Cancel(WheelEntry entry)
    {
        lock (_gate)
        {
            Unlink(entry);
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Advance()
    {
        // A callback that outlasts a tick must not be overtaken by the next one.
        if (Interlocked.Exchange(ref _advancing, 1) == 1) return;
        try
        {
            _due.Clear();
            var now = Math.Max(1, (long)_time.GetElapsedTime(_start).TotalMilliseconds);
            if (now - _nowMs > LeapMs) _grace = GraceTicks;
            Volatile.Write(ref _nowMs, now);
            if (_grace > 0)
            {
                _grace--;
                return;
            }

            Collect(now);
            foreach (var entry in _due)
            {
                if (Due(entry, now) is > 0 and var next) ScheduleIfIdle(entry, next);
            }
        }
        finally
        {
            Volatile.Write(ref _advancing, 0);
        }
    }

    /// <summary>One callback that throws must not take the others' deadlines with it; its own is tried again.</summary>
    private long Due(WheelEntry entry, long now)
    {
        try
        {
            return entry.OnDue(now);
        }
        catch (Exception e)
        {
            _failed(e);
            return now + RetryMs;
        }
    }

    private void Collect(long now)
    {
        lock (_gate)
        {
            var last = now / TickMs;
            for (var steps = 0; _tick < last && steps < BucketsCount; steps++)
            {
                _tick++;
                while (_buckets[_tick % BucketsCount] is { } entry)
                {
                    Unlink(entry);
                    _due.Add(entry);
                }
            }

            _tick = last;
        }
    }

    /// <summary>An entry that was given a deadline while its callback ran keeps that one.</summary>
    private void ScheduleIfIdle(WheelEntry entry, long dueMs)
    {
        lock (_gate)
        {
            if (entry.Bucket < 0) Link(entry, dueMs);
        }
    }

    private void Link(WheelEntry entry, long dueMs)
    {
        var tick = Math.Clamp((dueMs + TickMs - 1) / TickMs, _tick + 1, _tick + BucketsCount - 1);
        var bucket = (int)(tick % BucketsCount);
        entry.Bucket = bucket;
        entry.Previous = null;
        entry.Next = _buckets[bucket];
        if (entry.Next is not null) entry.Next.Previous = entry;
        _buckets[bucket] = entry;
        _count++;
    }

    private void Unlink(WheelEntry entry)
    {
        if (entry.Bucket < 0) return;
        if (entry.Next is not null) entry.Next.Previous = entry.Previous;
        if (entry.Previous is not null) entry.Previous.Next = entry.Next;
        else _buckets[entry.Bucket] = entry.Next;
        entry.Next = entry.Previous = null;
        entry.Bucket = -1;
        _count--;
    }
}
