using Im.Cli.Bench.Clients;
using Im.Cli.Bench.Measure;
using Im.Cli.Bench.Report;
using Im.Cli.Bench.Targets;
using Im.Cli.Bench.Wire;
using Im.Cli.Text;

namespace Im.Cli.Bench.Send;

/// <param name="Unanswered">Messages without an answer on each connection, at most 64.</param>
/// <param name="RoomSize">Senders that share a room.</param>
/// <param name="PairPercent">Of the messages, sent one to one.</param>
/// <param name="Rates">Messages a second of the passes after the first; empty for half of what the first one reached.</param>
/// <param name="Time">Of each pass.</param>
internal sealed record SendPlan(int Senders, int Unanswered, int SizeBytes, int RoomSize, int PairPercent, IReadOnlyList<int> Rates, TimeSpan WarmUp, TimeSpan Time);

/// <summary>
/// How many messages are acknowledged a second, which means that they are on disk: first as many as the answers allow, then at fixed rates, where the latency says something about the
/// server and not about the length of the queue.
/// </summary>
internal sealed class SendScenario(BenchConsole console, LoadShape shape, SendPlan plan)
{
    private const int PacedWaitMs = 1;

    private static readonly TimeSpan SyncTime = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(10);

    /// <param name="dataDirectory">Where the node keeps its data, for the disk's sync rate; null leaves it out.</param>
    public async Task<SendReport> RunAsync(ITarget target, IWire wire, string? dataDirectory, CancellationToken cancellation)
    {
        var disk = dataDirectory is null ? null : DiskSync.Measure(dataDirectory, SyncTime);
        var load = new SendLoad(plan.Senders, plan.Unanswered, plan.SizeBytes);
        using var crowd = new Crowd(target.Endpoints, wire, plan.Senders, shape.Threads, load);
        load.Use(crowd);
        await crowd.TakeAsync(plan.Senders, shape.Window, cancellation, Step.Connect, Step.Login, Step.Join);
        var free = await RunFreeAsync(crowd, load, target, cancellation);
        var paced = new List<SendFigures>();
        foreach (var reactor in crowd.Reactors) reactor.WaitMs = PacedWaitMs;
        foreach (var rate in plan.Rates is { Count: > 0 } ? plan.Rates : [(int)Math.Max(1, free.AckedPerSecond / 2)])
        {
            if (load.Unanswered == 0) paced.Add(await RunPacedAsync(crowd, load, target, rate, cancellation));
        }

        return SendReport.Of(plan, load, free, paced, disk);
    }

    /// <summary>As many as the answers allow.</summary>
    private async Task<SendFigures> RunFreeAsync(Crowd crowd, SendLoad load, ITarget target, CancellationToken cancellation)
    {
        var pass = new LoadPass(plan.Senders, shape.Threads, 0, 0);
        load.Begin(pass);
        await PassAsync(crowd, pass, Say.It("warm-up", "预热"), () => false, plan.WarmUp, cancellation);
        var before = await StoreTotals.ReadAsync(target, cancellation);
        var watch = LoadWatch.Begin(crowd.Reactors, target.Processes);
        load.Measure(pass);
        await PassAsync(crowd, pass, Say.It("sending", "发送"), () => false, plan.Time, cancellation);
        load.End();
        var figures = SendFigures.Of(pass, watch.Read()) with { Store = StoreWork.Of(before, await StoreTotals.ReadAsync(target, cancellation)) };
        await PassAsync(crowd, pass, Say.It("last answers", "等待最后的应答"), () => load.Unanswered == 0, DrainLimit, cancellation);
        return figures;
    }

    /// <summary>So many a second; ends when each has its answer.</summary>
    private async Task<SendFigures> RunPacedAsync(Crowd crowd, SendLoad load, ITarget target, int rate, CancellationToken cancellation)
    {
        var pass = new LoadPass(plan.Senders, shape.Threads, rate, (long)(rate * plan.Time.TotalSeconds));
        var before = await StoreTotals.ReadAsync(target, cancellation);
        var watch = LoadWatch.Begin(crowd.Reactors, target.Processes);
        load.Begin(pass);
        await PassAsync(crowd, pass, Say.It($"{Format.Count(rate)}/s", $"{Format.Count(rate)}/秒"), () => pass.Acked == pass.Count, plan.Time + DrainLimit, cancellation);
        load.End();
        return SendFigures.Of(pass, watch.Read()) with { Store = StoreWork.Of(before, await StoreTotals.ReadAsync(target, cancellation)) };
    }

    private Task PassAsync(Crowd crowd, LoadPass pass, string title, Func<bool> isOver, TimeSpan time, CancellationToken cancellation) =>
        TimedPart.ShowAsync(console, crowd, title, time, () => pass.Acked, isOver, cancellation);
}
