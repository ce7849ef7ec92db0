using System.Diagnostics;
using HdrHistogram;

namespace Im.Cli.Bench.Measure;

/// <summary>
/// One part of a run: as many requests as the answers allow, or a number a second. At a rate each is due at its own time, and its latency counts from then, also when it could not be
/// sent before another was answered: a server that stops for a while is not spared the requests that it kept from being sent.
/// </summary>
/// <param name="lanes">Who takes turns in sending: lane n sends request n, n + lanes, …</param>
/// <param name="histograms">Places that record; each is used by one thread at a time.</param>
/// <param name="rate">Requests a second of all lanes together; 0 for as many as the answers allow.</param>
/// <param name="count">At a rate: requests in all.</param>
internal sealed class LoadPass(int lanes, int histograms, int rate, long count)
{
    private readonly LongHistogram[] _latency = [.. Enumerable.Range(0, histograms).Select(_ => Latencies.Create())];
    private readonly long _ticksBetween = rate == 0 ? 0 : Stopwatch.Frequency / rate;
    private long _acked;

    public bool IsPaced => rate > 0;

    public int Rate => rate;

    public long Count => count;

    /// <summary>Answered and counted.</summary>
    public long Acked => Interlocked.Read(ref _acked);

    public LatencySummary Latency => Latencies.Merge(_latency).Summarize();

    /// <summary>When the first request is due.</summary>
    public long StartedAt { get; } = Stopwatch.GetTimestamp();

    /// <summary>When the lane's request of this turn is due; long.MaxValue when the pass has no more.</summary>
    public long DueAt(int lane, int turn)
    {
        var place = (long)turn * lanes + lane;
        return place < count ? StartedAt + place * _ticksBetween : long.MaxValue;
    }

    /// <summary>Called by the one that has this histogram.</summary>
    public void Record(int histogram, long ticks)
    {
        Interlocked.Increment(ref _acked);
        _latency[histogram].RecordTicks(ticks);
    }
}
