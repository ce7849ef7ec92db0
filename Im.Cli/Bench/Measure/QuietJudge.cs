namespace Im.Cli.Bench.Measure;

/// <summary>
/// Has a server finished what was asked of it? It has when it uses little, or when what it uses no longer falls: its clients' heartbeats go on all the while, and so do the
/// nodes of a cluster with each other, so that a server with some thousand connections never uses little.
/// </summary>
/// <param name="processes">Of the server.</param>
internal sealed class QuietJudge(int processes)
{
    /// <summary>Of one processor, for each process. Nodes of a cluster talk to each other all the time.</summary>
    private const double LittleAlone = 0.03, LittleEach = 0.10;

    /// <summary>A process that uses more is at work, however steadily.</summary>
    private const double WorkEach = 0.50;

    /// <summary>Intervals that have to be alike.</summary>
    private const int SteadyCount = 5;

    /// <summary>How far they may be apart: two clock ticks of a process in one interval, and a part of the whole.</summary>
    private const double SpreadEach = 0.06, SpreadShare = 0.30;

    private readonly Queue<double> _last = new();

    /// <param name="share">Processors that all together used in one more interval.</param>
    public bool IsQuietAfter(double share)
    {
        if (_last.Count == SteadyCount) _last.Dequeue();
        _last.Enqueue(share);
        if (share < (processes == 1 ? LittleAlone : LittleEach * processes)) return true;
        var mean = _last.Average();
        return _last.Count == SteadyCount && mean < WorkEach * processes && _last.Max() - _last.Min() <= (SpreadEach * processes) + (SpreadShare * mean);
    }
}
