namespace Im.Actors.Nodes.Gate;

/// <summary>The beats of a gate, from a thread of its own: no pool that is exhausted delays them, only what stops the process does.</summary>
internal sealed class GateClock : IDisposable
{
    /// <summary>Far below any pause of a failure detector.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly NodeGate _gate;
    private readonly ManualResetEventSlim _stop = new();
    private readonly Thread _thread;

    private GateClock(NodeGate gate)
    {
        _gate = gate;
        _thread = new Thread(Run) { IsBackground = true, Name = "im-gate" };
    }

    public static GateClock Start(NodeGate gate)
    {
        var clock = new GateClock(gate);
        clock._thread.Start();
        return clock;
    }

    private void Run()
    {
        while (!_stop.Wait(Interval)) _gate.Beat();
    }

    public void Dispose()
    {
        _stop.Set();
        _thread.Join();
        _stop.Dispose();
    }
}
