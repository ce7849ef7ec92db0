using System.Diagnostics;
using Im.Cli.Bench.Clients;
using Im.Cli.Bench.Measure;
using Im.Cli.Bench.Report;
using Im.Cli.Bench.Targets;
using Im.Cli.Bench.Wire;
using Im.Cli.Text;
using Im.Protocol.Ingress.V1;

namespace Im.Cli.Bench.Push;

/// <summary>
/// How many pushes a second a back end gets through to users who are online: first as many as the answers allow, then at fixed rates. A push counts when its answer says that the
/// user's socket took it, and the run when every user has every push once and in order.
/// </summary>
internal sealed class PushScenario(BenchConsole console, LoadShape shape, PushPlan plan)
{
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(10);

    /// <exception cref="BenchException">Not all users could log in.</exception>
    public async Task<PushReport> RunAsync(NodeTarget target, uint app, string run, CancellationToken cancellation)
    {
        var receivers = new PushReceivers(plan.Users, shape.Threads);
        using var crowd = new Crowd(target.Endpoints, new ImLevel2Wire(app, "lobby", run), plan.Users, shape.Threads, receivers);
        await crowd.TakeAsync(plan.Users, shape.Window, cancellation, Step.Connect, Step.Login);
        using var channel = PushChannel.Open(target);
        var client = new PushService.PushServiceClient(channel.Intercepted);
        var requests = new PushRequests(app, run, plan.Users, plan.SizeBytes, plan.Stored);
        var outcomes = new PushOutcomes();
        var passes = new List<PushFigures>();
        foreach (var call in plan.Calls)
        {
            IPushCaller caller = call == PushCall.Stream
                ? new StreamCaller(client, requests, outcomes, plan.Users, plan.Streams, plan.InFlight)
                : new UnaryCaller(client, requests, outcomes, plan.Users, plan.InFlight);
            var rates = plan.Rates;
            if (plan.WarmUp > TimeSpan.Zero) await PassAsync(call, 0, plan.WarmUp, isWarmUp: true);
            passes.Add(await PassAsync(call, 0, plan.Time));
            if (rates.Count == 0) rates = [(int)Math.Max(1, passes[^1].PerSecond / 2)];
            foreach (var rate in rates) passes.Add(await PassAsync(call, rate, plan.Time));

            Task<PushFigures> PassAsync(PushCall name, int rate, TimeSpan time, bool isWarmUp = false) => MeasureAsync(crowd, receivers, requests, caller, name, rate, time, isWarmUp, target.Processes, cancellation);
        }

        return PushReport.Of(plan, passes, receivers.Check(requests.Sent), outcomes.Others, receivers.Lost);
    }

    /// <summary>One pass, and the quiet after it.</summary>
    private async Task<PushFigures> MeasureAsync(Crowd crowd, PushReceivers receivers, PushRequests requests, IPushCaller caller, PushCall call, int rate, TimeSpan time, bool isWarmUp, ServerProcesses server, CancellationToken cancellation)
    {
        var pass = new LoadPass(caller.Lanes, caller.Lanes, rate, (long)(rate * time.TotalSeconds));
        receivers.Begin();
        var before = receivers.Received;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (!pass.IsPaced) stop.CancelAfter(time);
        giveUp.CancelAfter(time + DrainLimit);
        var watch = LoadWatch.Begin(crowd.Reactors, server);
        await console.ShowAsync(Title(call, rate, isWarmUp), (int)time.TotalMilliseconds, async progress =>
        {
            var sending = caller.RunAsync(pass, stop.Token, giveUp.Token);
            while (await Task.WhenAny(sending, Task.Delay(100, cancellation)) != sending)
            {
                cancellation.ThrowIfCancellationRequested();
                crowd.ThrowIfFaulted();
                progress.Report((int)Stopwatch.GetElapsedTime(pass.StartedAt).TotalMilliseconds);
            }

            await sending;
            return true;
        }, () => pass.Acked);
        var use = watch.Read();
        await ArrivedAsync(receivers, requests.Sent.Sum(sent => (long)sent), cancellation);
        return PushFigures.Of(call, pass, receivers.Received - before, receivers.Latency, use);
    }

    /// <summary>Waits until the users have all that was sent, or nothing has come for a while.</summary>
    private static async Task ArrivedAsync(PushReceivers receivers, long sent, CancellationToken cancellation)
    {
        var (seen, since) = (receivers.Received, Stopwatch.GetTimestamp());
        while (receivers.Received < sent && Stopwatch.GetElapsedTime(since) < DrainLimit)
        {
            await Task.Delay(20, cancellation);
            if (receivers.Received != seen) (seen, since) = (receivers.Received, Stopwatch.GetTimestamp());
        }
    }

    private static string Title(PushCall call, int rate, bool isWarmUp)
    {
        var name = PushPrinter.Name(call);
        if (isWarmUp) return Say.It($"{name}: warm-up", $"{name}：预热");
        return rate == 0 ? Say.It($"{name}: as many as the answers allow", $"{name}：不限速") : Say.It($"{name}: {Format.Count(rate)}/s", $"{name}：{Format.Count(rate)}/秒");
    }
}
