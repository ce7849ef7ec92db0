using System.Diagnostics;
using HdrHistogram;
using Im.Cli.Bench.Measure;

namespace Im.Cli.Bench.Send;

/// <summary>
/// One part of a run: as many messages as the answers allow, or a number a second. At a rate each message is due at its own time, and its latency counts from then, also when it
/// could not be sent before another was answered: a server that stops for a while is not spared the messages that it kept from being sent.
/// </summary>
/// <param name="rate">Messages a second of all senders together; 0 for as many as the answers allow.</param>
/// <param name="count">At a rate: messages in all.</param>
internal sealed class SendPass(int senders, int threads, int rate, long count)
{
    private readonly LongHistogram[] _latency = [.. Enumerable.Range(0, threads).Select(_ => Latencies.Create())];
    private readonly long _ticksBetween = rate == 0 ? 0 : Stopwatch.Frequency / rate;
    private long _acked;

    public bool IsPaced => rate > 0;

    public long Count => count;

    /// <summary>Acknowledged and counted.</summary>
    public long Acked => Interlocked.Read(ref _acked);

    public LatencySummary Latency => Latencies.Merge(_latency).Summarize();

    /// <summary>When the first message is due.</summary>
    public long StartedAt { get; } = Stopwatch.GetTimestamp();

    /// <summary>When the sender's message of this turn is due; long.MaxValue when the pass has no more.</summary>
    public long DueAt(int sender, int turn)
    {
        var place = (long)turn * senders + sender;
        return place < count ? StartedAt + place * _ticksBetween : long.MaxValue;
    }

    /// <summary>Called on the reactor's thread.</summary>
    public void Record(int reactor, long ticks)
    {
        Interlocked.Increment(ref _acked);
        _latency[reactor].RecordTicks(ticks);
    }
}
