using Im.Cli.Bench.Clients;
using Im.Cli.Bench.Measure;
using Im.Cli.Bench.Push;
using Im.Cli.Bench.Targets;
using Im.Cli.Bench.Wire;
using Im.Protocol.Ingress.V1;

namespace Im.Cli.Bench.Mixed;

/// <summary>Pushes over a few streams to users who are online; the latency is until each is written.</summary>
internal sealed class PushLoad : IMixedLoad
{
    private const int Streams = 2, InFlight = 512;

    private readonly MixedPlan _plan;
    private readonly PushReceivers _receivers;
    private readonly PushChannel _channel;
    private readonly PushRequests _requests;
    private readonly PushOutcomes _outcomes = new();
    private readonly StreamCaller _caller;
    private LoadPass? _pass;

    public PushLoad(NodeTarget target, LoadShape shape, MixedPlan plan, uint app, string run)
    {
        _plan = plan;
        _receivers = new PushReceivers(plan.Users, shape.Threads);
        Crowd = new Crowd(target.Endpoints, new ImLevel2Wire(app, "lobby", $"{run}p"), plan.Users, shape.Threads, _receivers);
        _channel = PushChannel.Open(target);
        _requests = new PushRequests(app, $"{run}p", plan.Users, plan.SizeBytes, stored: false);
        _caller = new StreamCaller(new PushService.PushServiceClient(_channel.Intercepted), _requests, _outcomes, plan.Users, Math.Min(Streams, plan.Users), InFlight);
    }

    public string Name => "push";

    public int Rate => _plan.PushesPerSecond;

    public Crowd Crowd { get; }

    public long Done => _pass?.Acked ?? 0;

    public Task OpenAsync(LoadShape shape, CancellationToken cancellation) => MixedSteps.TakeAsync(Crowd, _plan.Users, shape, cancellation, Step.Connect, Step.Login);

    public async Task<MixedFigures> RunAsync(TimeSpan time, TimeSpan drain, CancellationToken cancellation)
    {
        var pass = _pass = new LoadPass(_caller.Lanes, _caller.Lanes, Rate, (long)(Rate * time.TotalSeconds));
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        giveUp.CancelAfter(time + drain);
        await _caller.RunAsync(pass, cancellation, giveUp.Token);
        var sent = _requests.Sent.Sum(count => (long)count);
        await MixedSteps.UntilAsync(() => _receivers.Received >= sent, drain, cancellation);
        return new MixedFigures(Name, Rate, pass.Count, pass.Acked, pass.Latency, _receivers.Check(_requests.Sent), _outcomes.Others.Values.Sum() + _receivers.Lost);
    }

    public void Dispose()
    {
        Crowd.Dispose();
        _channel.Dispose();
    }
}
