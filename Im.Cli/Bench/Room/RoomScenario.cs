using System.Globalization;
using Im.Cli.Bench.Clients;
using Im.Cli.Bench.Measure;
using Im.Cli.Bench.Report;
using Im.Cli.Bench.Targets;
using Im.Cli.Bench.Wire;
using Im.Cli.Text;

namespace Im.Cli.Bench.Room;

/// <param name="WarmUp">Broadcasts before the measured ones, so that compiled code is measured.</param>
internal sealed record RoomPlan(int Members, int Messages, int WarmUp, int SizeBytes);

/// <summary>One room full of members; a further connection broadcasts into it. Every run opens its members anew, so that two targets never hold theirs at the same time.</summary>
internal sealed class RoomScenario(BenchConsole console, LoadShape shape, RoomPlan plan)
{
    private readonly Dictionary<string, int> _errors = [];

    public IReadOnlyDictionary<string, int> Errors => _errors;

    /// <param name="paces">Measured one after the other in the same room.</param>
    /// <exception cref="BenchException">Not all members could join, or a broadcast was refused.</exception>
    public async Task<IReadOnlyList<RoomRun>> RunAsync(ITarget target, IWire wire, IReadOnlyList<BroadcastPace> paces, int round, CancellationToken cancellation)
    {
        if (!target.Processes.AreKnown)
            throw new BenchException(Say.It("The server's processor time is needed: give --server-pid.", "需要服务器的处理器时间：请用 --server-pid 指定进程号。"));
        var broadcaster = new Broadcaster(plan.Members, plan.SizeBytes, shape.Threads);
        using var crowd = new Crowd(target.Endpoints, wire, plan.Members + 1, shape.Threads, broadcaster);
        broadcaster.Use(crowd);
        await FillAsync(crowd, target, round, cancellation);
        var runs = new List<RoomRun>();
        foreach (var pace in paces)
        {
            if (plan.WarmUp > 0) await broadcaster.RunAsync(plan.WarmUp, pace, null, null, cancellation);
            await Quiet.WaitAsync(target.Processes, cancellation);
            runs.Add(await MeasureAsync(crowd, broadcaster, target, round, pace, cancellation));
        }
        foreach (var (cause, count) in crowd.Errors) _errors[$"{target.Name}: {cause}"] = _errors.GetValueOrDefault($"{target.Name}: {cause}") + count;
        await crowd.DropAsync(0, plan.Members + 1, reset: true);
        await Quiet.WaitAsync(target.Processes, cancellation);
        return runs;
    }

    private async Task FillAsync(Crowd crowd, ITarget target, int round, CancellationToken cancellation)
    {
        var count = plan.Members + 1;
        foreach (var step in new[] { Step.Connect, Step.Login, Step.Join })
        {
            var title = string.Create(CultureInfo.InvariantCulture, $"{target.Name}, {Say.It("round", "第")} {round}: {Connect.ConnectScenario.Name(step)} {count:N0}");
            var wave = await console.ShowAsync(title, count, progress => crowd.RunAsync(step, 0, count, shape.RatePerSecond, shape.Window, progress, cancellation));
            if (wave.Failed > 0)
                throw new BenchException(Say.It($"{wave.Failed} of {count} members are not in the room: {Format.Faults(crowd.Errors)}.", $"{count} 个成员中有 {wave.Failed} 个未进入房间：{Format.Faults(crowd.Errors)}。"));
        }
        await Quiet.WaitAsync(target.Processes, cancellation);
    }

    private async Task<RoomRun> MeasureAsync(Crowd crowd, Broadcaster broadcaster, ITarget target, int round, BroadcastPace pace, CancellationToken cancellation)
    {
        var crossings = await Crossings.BeginAsync(target, cancellation);
        var load = ClientLoad.Begin(crowd.Reactors);
        var server = target.Processes;
        var (serverBefore, clientBefore) = (server.CpuOfEach, Environment.CpuUsage.TotalTime);
        var title = string.Create(CultureInfo.InvariantCulture, $"{target.Name}, {Say.It("round", "第")} {round}: {plan.Messages:N0} × {plan.Members:N0}, {pace}");
        var result = await console.ShowAsync(title, plan.Messages, progress => broadcaster.RunAsync(plan.Messages, pace, null, progress, cancellation), () => broadcaster.Deliveries);
        var client = load();
        TimeSpan[] each = [.. server.CpuOfEach.Zip(serverBefore, (now, before) => now - before)];
        var serverCpu = TimeSpan.FromTicks(each.Sum(cpu => cpu.Ticks));
        var clientCpu = Environment.CpuUsage.TotalTime - clientBefore;
        var deliveries = Math.Max(1, result.Deliveries);
        return new RoomRun(
            target.Name,
            round,
            pace.InFlight,
            plan.Messages,
            result.Sent,
            result.Deliveries,
            result.PerSecond,
            serverCpu.TotalMicroseconds / deliveries,
            serverCpu / result.Elapsed,
            clientCpu.TotalMicroseconds / deliveries,
            result.Latency,
            result.Faults,
            client)
        {
            Rate = pace.Rate,
            CpuShareOfEach = each.Length > 1 ? [.. each.Select(cpu => cpu / result.Elapsed)] : [],
            Crossings = await crossings.ReadAsync(result.Sent, cancellation),
        };
    }
}
