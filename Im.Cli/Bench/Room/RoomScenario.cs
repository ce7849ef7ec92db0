using System.Globalization;
using Im.Cli.Bench.Clients;
using Im.Cli.Bench.Measure;
using Im.Cli.Bench.Report;
using Im.Cli.Bench.Targets;
using Im.Cli.Bench.Wire;
using Im.Cli.Text;

namespace Im.Cli.Bench.Room;

/// <param name="WarmUp">Broadcasts before the measured ones, so that compiled code is measured.</param>
/// <param name="InFlight">Depths, measured one after the other in the same room.</param>
internal sealed record RoomPlan(int Members, int Messages, int WarmUp, IReadOnlyList<int> InFlight, int SizeBytes);

/// <summary>One room full of members; a further connection broadcasts into it. Every run opens its members anew, so that two targets never hold theirs at the same time.</summary>
internal sealed class RoomScenario(BenchConsole console, LoadShape shape, RoomPlan plan)
{
    private readonly Dictionary<string, int> _errors = [];

    public IReadOnlyDictionary<string, int> Errors => _errors;

    /// <exception cref="BenchException">Not all members could join, or a broadcast was refused.</exception>
    public async Task<IReadOnlyList<RoomRun>> RunAsync(ITarget target, IWire wire, int round, CancellationToken cancellation)
    {
        if (target.ProcessId is not { } server)
            throw new BenchException(Say.It("The server's processor time is needed: give --server-pid.", "需要服务器的处理器时间：请用 --server-pid 指定进程号。"));
        var broadcaster = new Broadcaster(plan.Members, plan.SizeBytes, shape.Threads);
        using var crowd = new Crowd(target.Endpoint, wire, plan.Members + 1, shape.Threads, broadcaster);
        broadcaster.Use(crowd);
        await FillAsync(crowd, target, round, cancellation);
        var runs = new List<RoomRun>();
        foreach (var inFlight in plan.InFlight)
        {
            if (plan.WarmUp > 0) await broadcaster.RunAsync(plan.WarmUp, inFlight, null, null, cancellation);
            await Quiet.WaitAsync(server, cancellation);
            runs.Add(await MeasureAsync(crowd, broadcaster, target.Name, server, round, inFlight, cancellation));
        }
        foreach (var (cause, count) in crowd.Errors) _errors[$"{target.Name}: {cause}"] = _errors.GetValueOrDefault($"{target.Name}: {cause}") + count;
        await crowd.DropAsync(0, plan.Members + 1, reset: true);
        await Quiet.WaitAsync(server, cancellation);
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
        await Quiet.WaitAsync(target.ProcessId, cancellation);
    }

    private async Task<RoomRun> MeasureAsync(Crowd crowd, Broadcaster broadcaster, string target, int server, int round, int inFlight, CancellationToken cancellation)
    {
        var load = ClientLoad.Begin(crowd.Reactors);
        var (serverBefore, clientBefore) = (ProcessCpu.Of(server), Environment.CpuUsage.TotalTime);
        var title = string.Create(CultureInfo.InvariantCulture, $"{target}, {Say.It("round", "第")} {round}: {plan.Messages:N0} × {plan.Members:N0}, {inFlight} {Say.It("in flight", "并发")}");
        var result = await console.ShowAsync(title, plan.Messages, progress => broadcaster.RunAsync(plan.Messages, inFlight, null, progress, cancellation));
        var client = load();
        var serverCpu = ProcessCpu.Of(server) - serverBefore;
        var clientCpu = Environment.CpuUsage.TotalTime - clientBefore;
        var deliveries = Math.Max(1, result.Deliveries);
        return new RoomRun(
            target,
            round,
            inFlight,
            plan.Messages,
            result.Sent,
            result.Deliveries,
            result.PerSecond,
            serverCpu.TotalMicroseconds / deliveries,
            serverCpu / result.Elapsed,
            clientCpu.TotalMicroseconds / deliveries,
            result.Latency,
            result.Faults,
            client);
    }
}
