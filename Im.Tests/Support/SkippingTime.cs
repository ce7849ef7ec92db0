namespace Im.Tests.Support;

/// <summary>The clock of a process that stands still now and then: it goes as the system's, and skips time when told to.</summary>
internal sealed class SkippingTime : TimeProvider
{
    private long _skippedTicks;

    public void Skip(TimeSpan span) => Interlocked.Add(ref _skippedTicks, span.Ticks);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => System.GetElapsedTime(0, System.GetTimestamp()).Ticks + Interlocked.Read(ref _skippedTicks);

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _skippedTicks));
}
