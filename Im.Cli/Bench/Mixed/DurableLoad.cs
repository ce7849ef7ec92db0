using Im.Cli.Bench.Clients;
using Im.Cli.Bench.Measure;
using Im.Cli.Bench.Room;
using Im.Cli.Bench.Send;
using Im.Cli.Bench.Targets;
using Im.Cli.Bench.Wire;

namespace Im.Cli.Bench.Mixed;

/// <summary>Durable messages, half of them one to one.</summary>
internal sealed class DurableLoad : IMixedLoad
{
    private const int Unanswered = 64, RoomSize = 2, PairPercent = 50;

    private readonly MixedPlan _plan;
    private readonly SendLoad _load;
    private readonly int _threads;
    private LoadPass? _pass;

    public DurableLoad(ITarget target, LoadShape shape, MixedPlan plan, uint app, string run)
    {
        _plan = plan;
        _threads = shape.Threads;
        _load = new SendLoad(plan.Senders, Unanswered, plan.SizeBytes);
        Crowd = new Crowd(target.Endpoints, new DurableWire(app, $"{run}d", plan.Senders, RoomSize, PairPercent), plan.Senders, shape.Threads, _load);
        _load.Use(Crowd);
    }

    public string Name => "durable";

    public int Rate => _plan.SendsPerSecond;

    public Crowd Crowd { get; }

    public long Done => _pass?.Acked ?? 0;

    public Task OpenAsync(LoadShape shape, CancellationToken cancellation) => MixedSteps.TakeAsync(Crowd, _plan.Senders, shape, cancellation, Step.Connect, Step.Login, Step.Join);

    public async Task<MixedFigures> RunAsync(TimeSpan time, TimeSpan drain, CancellationToken cancellation)
    {
        var pass = _pass = new LoadPass(_plan.Senders, _threads, Rate, (long)(Rate * time.TotalSeconds));
        _load.Begin(pass);
        await MixedSteps.UntilAsync(() => pass.Acked == pass.Count, time + drain, cancellation);
        _load.End();
        return new MixedFigures(Name, Rate, pass.Count, pass.Acked, pass.Latency, new DeliveryFaults(0, 0, 0), _load.Refused.Values.Sum() + _load.Lost);
    }

    public void Dispose() => Crowd.Dispose();
}
