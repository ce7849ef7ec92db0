using System.Diagnostics;
using Im.Cli.Bench.Clients;
using Im.Cli.Bench.Measure;
using Im.Cli.Bench.Report;
using Im.Cli.Bench.Room;
using Im.Cli.Bench.Targets;
using Im.Cli.Bench.Wire;
using Im.Cli.Text;

namespace Im.Cli.Bench.Slow;

/// <param name="Messages">Broadcasts while everybody reads.</param>
/// <param name="Limit">How long the slow reader may live.</param>
internal sealed record SlowPlan(int Members, int Messages, int SizeBytes, TimeSpan Limit);

/// <summary>
/// One member of a room stops reading. Broadcasts go on, one at a time, each awaited by all the others; the slow one's receive buffer is small, so that the server soon notices.
/// </summary>
internal sealed class SlowScenario(BenchConsole console, LoadShape shape, SlowPlan plan)
{
    private const int Slow = 0;

    public async Task<SlowReport> RunAsync(ITarget target, IWire wire, CancellationToken cancellation)
    {
        var broadcaster = new Broadcaster(new RoomShape(1, plan.Members), plan.SizeBytes, shape.Threads, Slow);
        using var crowd = new Crowd(target.Endpoints, wire, plan.Members + 1, shape.Threads, broadcaster, Slow);
        broadcaster.Use(crowd);
        await crowd.TakeAsync(plan.Members + 1, shape.Window, cancellation, Step.Connect, Step.Login, Step.Join);
        await broadcaster.RunAsync(Math.Min(plan.Messages, 50), new BroadcastPace(1), null, null, cancellation);
        await Quiet.WaitAsync(target.Processes, cancellation);
        var load = ClientLoad.Begin(crowd.Reactors);
        var before = await console.ShowAsync(
            Say.It("everybody reads", "所有成员正常读取"),
            plan.Messages,
            progress => broadcaster.RunAsync(plan.Messages, new BroadcastPace(1), null, progress, cancellation),
            () => broadcaster.Deliveries);

        var rssBefore = target.Processes.ResidentBytes;
        var peak = rssBefore;
        var stopped = Stopwatch.GetTimestamp();
        await crowd.StopReadingAsync(Slow);
        var during = await console.ShowAsync(
            Say.It("one has stopped reading", "其中一个停止读取"),
            (int)plan.Limit.TotalSeconds,
            progress => broadcaster.RunAsync(int.MaxValue / 2, new BroadcastPace(1), () => IsOver(broadcaster, target, stopped, ref peak, progress), null, cancellation),
            () => broadcaster.Deliveries);
        var loss = broadcaster.FirstLoss;
        var ended = loss is { Index: Slow } ? Stopwatch.GetElapsedTime(stopped, loss.Value.At).TotalMilliseconds : (double?)null;
        return SlowReport.Of(plan.Members, plan.SizeBytes, before, during, load(), ended, loss?.Cause, rssBefore, peak);
    }

    private bool IsOver(Broadcaster broadcaster, ITarget target, long stopped, ref long? peak, IProgress<int> progress)
    {
        var elapsed = Stopwatch.GetElapsedTime(stopped);
        progress.Report((int)elapsed.TotalSeconds);
        if (target.Processes.ResidentBytes is { } rss && rss > (peak ?? 0)) peak = rss;
        return broadcaster.FirstLoss is not null || elapsed > plan.Limit;
    }
}
