using System.Diagnostics;
using HdrHistogram;
using Im.Cli.Bench.Measure;
using Im.Cli.Bench.Wire;

namespace Im.Cli.Bench.Clients;

/// <summary>One step taken by a range of connections of one reactor, paced by a rate and by how many may be under way.</summary>
/// <param name="ratePerSecond">0 = no pace.</param>
internal sealed class Wave(Step step, int from, int to, double ratePerSecond, int window)
{
    private readonly TaskCompletionSource<Wave> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _started;

    public Step Step { get; } = step;

    public int Next { get; private set; } = from;

    public int Outstanding { get; private set; }

    public int Done { get; private set; }

    public int Failed { get; private set; }

    /// <summary>Tries that were made again.</summary>
    public int Repeated { get; private set; }

    public long StartedAt { get; } = Stopwatch.GetTimestamp();

    public long ProgressAt { get; private set; } = Stopwatch.GetTimestamp();

    /// <summary>Time of each step from its request to its answer.</summary>
    public LongHistogram Latency { get; } = Latencies.Create();

    public Task<Wave> Completion => _completion.Task;

    public bool IsOver => Next >= to && Outstanding == 0;

    /// <summary>May another one begin now? Takes it if so.</summary>
    /// <param name="due">When the pace asked for it; the wave's beginning when there is none.</param>
    public bool TryTake(long now, out int slot, out long due)
    {
        slot = Next;
        due = ratePerSecond > 0 ? StartedAt + (long)(Math.Max(0, _started - 1) / ratePerSecond * Stopwatch.Frequency) : StartedAt;
        if (Next >= to || Outstanding >= window) return false;
        if (ratePerSecond > 0 && _started >= 1 + ratePerSecond * Stopwatch.GetElapsedTime(StartedAt, now).TotalSeconds) return false;
        Next++;
        _started++;
        Outstanding++;
        return true;
    }

    /// <summary>A try failed and is made again after a pause.</summary>
    public void Repeat(long now)
    {
        Repeated++;
        ProgressAt = now;
    }

    public void Finish(bool succeeded, long since, long now)
    {
        Outstanding--;
        ProgressAt = now;
        if (succeeded)
        {
            Done++;
            Latency.RecordTicks(now - since);
        }
        else
        {
            Failed++;
        }
        if (IsOver) _completion.TrySetResult(this);
    }

    /// <summary>Ends a wave that had nothing to do.</summary>
    public void CompleteIfOver()
    {
        if (IsOver) _completion.TrySetResult(this);
    }
}
