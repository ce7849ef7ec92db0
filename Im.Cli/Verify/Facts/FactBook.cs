using System.Collections.Concurrent;
using System.Diagnostics;

namespace Im.Cli.Verify.Facts;

/// <summary>Takes facts from all clients at once. It keeps all of them in memory, about 200 bytes each.</summary>
internal sealed class FactBook
{
    private readonly long _started = Stopwatch.GetTimestamp();
    private int _life = 1;
    private long _acked;
    private long _open;

    /// <summary>The wall clock at millisecond 0 of the run.</summary>
    public DateTimeOffset StartedAt { get; } = TimeProvider.System.GetUtcNow();

    public ConcurrentQueue<SentFact> Sent { get; } = new();

    public ConcurrentQueue<MarkFact> Marks { get; } = new();

    public ConcurrentQueue<GapFact> Gaps { get; } = new();

    public ConcurrentQueue<PushFact> Pushes { get; } = new();

    /// <summary>Milliseconds of the run.</summary>
    public long NowMs => (long)Stopwatch.GetElapsedTime(_started).TotalMilliseconds;

    /// <summary>Counts the node's starts.</summary>
    public int Life => Volatile.Read(ref _life);

    public bool IsProbing { get; set; }

    public long Acked => Interlocked.Read(ref _acked);

    /// <summary>Calls without an answer now.</summary>
    public long Open => Interlocked.Read(ref _open);

    public void BeginLife() => Interlocked.Increment(ref _life);

    public void Begin(SentFact sent)
    {
        sent.BegunMs = NowMs;
        Sent.Enqueue(sent);
        Interlocked.Increment(ref _open);
    }

    public void End(SentFact sent, Outcome outcome)
    {
        sent.AnsweredMs = NowMs;
        sent.Outcome = outcome;
        Interlocked.Decrement(ref _open);
        if (outcome == Outcome.Acked) Interlocked.Increment(ref _acked);
    }
}
