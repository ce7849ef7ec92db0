using System.Globalization;
using Im.Cli.Bench.Clients;
using Im.Cli.Bench.Measure;
using Im.Cli.Bench.Report;
using Im.Cli.Bench.Targets;
using Im.Cli.Bench.Wire;
using Im.Cli.Text;

namespace Im.Cli.Bench.Room;

/// <param name="Deliveries">With shapes of different sizes: so many broadcasts in each as come to this; 0: <paramref name="Messages"/>, whatever the shape.</param>
/// <param name="WarmUp">Broadcasts before the measured ones, so that compiled code is measured; with <paramref name="Deliveries"/> at least a tenth of those.</param>
internal sealed record RoomPlan(int Messages, int Deliveries, int WarmUp, int SizeBytes)
{
    public int MessagesOf(RoomShape shape) => Deliveries == 0 ? Messages : (Deliveries + shape.Members - 1) / shape.Members;

    public int WarmUpOf(RoomShape shape) => Deliveries == 0 ? WarmUp : Math.Max(WarmUp, MessagesOf(shape) / 10);
}

/// <summary>Rooms full of members, and one more connection in each that broadcasts into it. Every run opens its members anew, so that two targets never hold theirs at the same time.</summary>
internal sealed class RoomScenario(BenchConsole console, LoadShape load, RoomPlan plan)
{
    private readonly Dictionary<string, int> _errors = [];

    public IReadOnlyDictionary<string, int> Errors => _errors;

    /// <param name="paces">Measured one after the other in the same room.</param>
    /// <exception cref="BenchException">Not all members could join, or a broadcast was refused.</exception>
    public async Task<IReadOnlyList<RoomRun>> RunAsync(ITarget target, RoomShape shape, IWire wire, IReadOnlyList<BroadcastPace> paces, int round, CancellationToken cancellation)
    {
        if (!target.Processes.AreKnown)
            throw new BenchException(Say.It("The server's processor time is needed: give --server-pid.", "需要服务器的处理器时间：请用 --server-pid 指定进程号。"));
        var broadcaster = new Broadcaster(shape, plan.SizeBytes, load.Threads);
        using var crowd = new Crowd(target.Endpoints, wire, shape.Connections, load.Threads, broadcaster);
        broadcaster.Use(crowd);
        await FillAsync(crowd, target, shape, round, cancellation);
        var runs = new List<RoomRun>();
        foreach (var pace in paces)
        {
            if (plan.WarmUpOf(shape) is > 0 and var warmUp) await broadcaster.RunAsync(warmUp, pace, null, null, cancellation);
            await Quiet.WaitAsync(target.Processes, cancellation);
            runs.Add(await MeasureAsync(crowd, broadcaster, target, shape, round, pace, cancellation));
        }
        foreach (var (cause, count) in crowd.Errors) _errors[$"{target.Name}: {cause}"] = _errors.GetValueOrDefault($"{target.Name}: {cause}") + count;
        await crowd.DropAsync(0, shape.Connections, reset: true);
        await Quiet.WaitAsync(target.Processes, cancellation);
        return runs;
    }

    private async Task FillAsync(Crowd crowd, ITarget target, RoomShape shape, int round, CancellationToken cancellation)
    {
        var count = shape.Connections;
        foreach (var step in new[] { Step.Connect, Step.Login, Step.Join })
        {
            var title = string.Create(CultureInfo.InvariantCulture, $"{target.Name}, {Say.It("round", "第")} {round}: {Connect.ConnectScenario.Name(step)} {count:N0}");
            var wave = await console.ShowAsync(title, count, progress => crowd.RunAsync(step, 0, count, load.RatePerSecond, load.Window, progress, cancellation));
            if (wave.Failed > 0)
                throw new BenchException(Say.It($"{wave.Failed} of {count} members are not in the room: {Format.Faults(crowd.Errors)}.", $"{count} 个成员中有 {wave.Failed} 个未进入房间：{Format.Faults(crowd.Errors)}。"));
        }
        await Quiet.WaitAsync(target.Processes, cancellation);
    }

    private async Task<RoomRun> MeasureAsync(Crowd crowd, Broadcaster broadcaster, ITarget target, RoomShape shape, int round, BroadcastPace pace, CancellationToken cancellation)
    {
        var crossings = await Crossings.BeginAsync(target, cancellation);
        var messages = plan.MessagesOf(shape);
        var clientLoad = ClientLoad.Begin(crowd.Reactors);
        var server = target.Processes;
        var (serverBefore, clientBefore) = (server.CpuOfEach, Environment.CpuUsage.TotalTime);
        var title = string.Create(CultureInfo.InvariantCulture, $"{target.Name}, {Say.It("round", "第")} {round}: {messages:N0} × {shape.Members:N0}, {shape.Rooms} {Say.It(shape.Rooms == 1 ? "room" : "rooms", "个房间")}, {pace}");
        var result = await console.ShowAsync(title, messages, progress => broadcaster.RunAsync(messages, pace, null, progress, cancellation), () => broadcaster.Deliveries);
        var client = clientLoad();
        TimeSpan[] each = [.. server.CpuOfEach.Zip(serverBefore, (now, before) => now - before)];
        var serverCpu = TimeSpan.FromTicks(each.Sum(cpu => cpu.Ticks));
        var clientCpu = Environment.CpuUsage.TotalTime - clientBefore;
        var deliveries = Math.Max(1, result.Deliveries);
        return new RoomRun(
            target.Name,
            round,
            pace.InFlight,
            messages,
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
            Shape = shape,
            Nodes = target.Endpoints.Count,
            Rate = pace.Rate,
            CpuShareOfEach = each.Length > 1 ? [.. each.Select(cpu => cpu / result.Elapsed)] : [],
            Crossings = await crossings.ReadAsync(result.Sent, cancellation),
        };
    }
}
