using Im.Cli.Bench.Clients;
using Im.Cli.Bench.Measure;
using Im.Cli.Bench.Targets;
using Im.Cli.Bench.Wire;

namespace Im.Cli.Bench.Mixed;

/// <summary>Broadcasts into one room; the latency is each member's.</summary>
internal sealed class BroadcastLoad : IMixedLoad
{
    private readonly MixedPlan _plan;
    private readonly RoomLoad _load;

    public BroadcastLoad(ITarget target, LoadShape shape, MixedPlan plan, uint app, string run)
    {
        _plan = plan;
        _load = new RoomLoad(plan.Members, plan.SizeBytes, shape.Threads);
        Crowd = new Crowd(target.Endpoints, new ImLevel2Wire(app, $"mixed-{run}", $"{run}r"), plan.Members + 1, shape.Threads, _load);
        _load.Use(Crowd);
    }

    public string Name => "room";

    public int Rate => _plan.BroadcastsPerSecond;

    public Crowd Crowd { get; }

    public long Done => _load.Deliveries;

    public Task OpenAsync(LoadShape shape, CancellationToken cancellation) => MixedSteps.TakeAsync(Crowd, _plan.Members + 1, shape, cancellation, Step.Connect, Step.Login, Step.Join);

    public async Task<MixedFigures> RunAsync(TimeSpan time, TimeSpan drain, CancellationToken cancellation)
    {
        var pass = new LoadPass(1, 1, Rate, (long)(Rate * time.TotalSeconds));
        _load.Begin(pass);
        await MixedSteps.UntilAsync(() => _load.Sent == pass.Count && _load.IsComplete, time + drain, cancellation);
        _load.End();
        return new MixedFigures(Name, Rate, pass.Count * _plan.Members, _load.Deliveries, _load.Latency, _load.Faults, _load.Refused + _load.Lost);
    }

    public void Dispose() => Crowd.Dispose();
}
