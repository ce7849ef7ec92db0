using System.Diagnostics;
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
/// <param name="RatePerSecond">Messages of all senders together that are due in a second; 0: each answer lets the next go.</param>
internal sealed record SendPlan(int Senders, int Unanswered, int SizeBytes, int RoomSize, int PairPercent, int RatePerSecond, TimeSpan WarmUp, TimeSpan Time);

/// <summary>
/// Senders that always have so many messages without an answer, or send at a fixed rate: how many are acknowledged a second, which means that they are on disk, and how
/// long that takes.
/// </summary>
internal sealed class SendScenario(BenchConsole console, LoadShape shape, SendPlan plan)
{
    private static readonly TimeSpan SyncTime = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(10);

    /// <param name="dataDirectory">Where the node keeps its data, for the disk's sync rate; null leaves it out.</param>
    public async Task<SendReport> RunAsync(ITarget target, IWire wire, string? dataDirectory, CancellationToken cancellation)
    {
        var disk = dataDirectory is null ? null : DiskSync.Measure(dataDirectory, SyncTime);
        var load = new SendLoad(plan.Senders, plan.SizeBytes, shape.Threads, plan.Unanswered, plan.RatePerSecond);
        using var crowd = new Crowd(target.Endpoint, wire, plan.Senders, shape.Threads, load);
        foreach (var step in new[] { Step.Connect, Step.Login, Step.Join })
        {
            var wave = await crowd.RunAsync(step, 0, plan.Senders, 0, shape.Window, null, cancellation);
            if (wave.Failed > 0) throw new BenchException(Say.It($"{wave.Failed} senders are not ready: {Format.Faults(crowd.Errors)}.", $"{wave.Failed} 个发送者未就绪：{Format.Faults(crowd.Errors)}。"));
        }
        load.Begin(crowd);
        using var pacer = plan.RatePerSecond == 0 ? null : new Timer(_ => load.Turn(), null, 1, 1);
        await PassAsync(crowd, Say.It("warm-up", "预热"), plan.WarmUp, cancellation);
        var client = ClientLoad.Begin(crowd.Reactors);
        var cpu = target.ProcessId is { } server ? ProcessCpu.Of(server) : TimeSpan.Zero;
        var started = Stopwatch.GetTimestamp();
        load.Measure();
        await PassAsync(crowd, Say.It("sending", "发送"), plan.Time, cancellation);
        load.End();
        var elapsed = Stopwatch.GetElapsedTime(started);
        var busy = client();
        var serverCpu = target.ProcessId is { } id ? (ProcessCpu.Of(id) - cpu) / elapsed : (double?)null;
        var ending = Stopwatch.GetTimestamp();
        while (load.Unanswered > 0 && Stopwatch.GetElapsedTime(ending) < DrainLimit) await Task.Delay(20, cancellation);
        return SendReport.Of(plan, load, elapsed, disk, serverCpu, busy);
    }

    private async Task PassAsync(Crowd crowd, string title, TimeSpan time, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        await console.ShowAsync(title, (int)time.TotalMilliseconds, async progress =>
        {
            while (Stopwatch.GetElapsedTime(started) < time)
            {
                await Task.Delay(50, cancellation);
                crowd.ThrowIfFaulted();
                progress.Report((int)Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }
            return true;
        });
    }
}
