using Im.Cli.Bench.Clients;
using Im.Cli.Bench.Room;
using Im.Cli.Bench.Storm;
using Im.Cli.Bench.Targets;
using Im.Cli.Bench.Wire;

namespace Im.Cli.Bench.Mixed;

/// <summary>Clients that are cut one after the other and come back at once; the latency is from when each was due until its login is answered.</summary>
internal sealed class ReconnectLoad : IMixedLoad
{
    private readonly MixedPlan _plan;
    private readonly StormWire _wire;
    private int _done;

    public ReconnectLoad(ITarget target, LoadShape shape, MixedPlan plan, uint app, string run)
    {
        _plan = plan;
        _wire = new StormWire(app, $"{run}c", new RoomLog(run, 1), _ => 0, _ => -1, null);
        Crowd = new Crowd(target.Endpoints, _wire, plan.Returning, shape.Threads);
    }

    public string Name => "reconnect";

    public int Rate => _plan.ReconnectsPerSecond;

    public Crowd Crowd { get; }

    public long Done => Volatile.Read(ref _done);

    public Task OpenAsync(LoadShape shape, CancellationToken cancellation) => MixedSteps.TakeAsync(Crowd, _plan.Returning, shape, cancellation, Step.Return);

    public async Task<MixedFigures> RunAsync(TimeSpan time, TimeSpan drain, CancellationToken cancellation)
    {
        _wire.Try++;
        var wave = await Crowd.RunAsync(Step.Return, 0, _plan.Returning, Rate, _plan.Returning, new Counter(done => Volatile.Write(ref _done, done)), cancellation);
        return new MixedFigures(Name, Rate, _plan.Returning, wave.Done, wave.Latency, new DeliveryFaults(0, 0, 0), wave.Failed);
    }

    public void Dispose() => Crowd.Dispose();

    private sealed class Counter(Action<int> set) : IProgress<int>
    {
        public void Report(int value) => set(value);
    }
}
