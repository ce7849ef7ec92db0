using System.Diagnostics;
using Im.Cli.Bench.Clients;
using Im.Cli.Bench.Measure;
using Im.Cli.Bench.Mixed;
using Im.Cli.Bench.Report;
using Im.Cli.Bench.Targets;
using Im.Cli.Bench.Wire;
using Im.Cli.Text;
using Im.Cli.Verify.Faults;

namespace Im.Cli.Bench.Freeze;

/// <summary>
/// Rooms whose members are on some nodes of a cluster; the last node, which has no clients, is frozen (SIGSTOP) and wakes up. What do the rooms of the other nodes feel of it?
/// Rooms that live on the frozen node are counted apart: nobody can order their messages until the others have taken them over.
/// </summary>
internal sealed class FreezeScenario(BenchConsole console, LoadShape shape, FreezePlan plan)
{
    private const string Conversations = "im_conversations";
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan OwnerLimit = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(5);

    /// <exception cref="BenchException">Not all clients could join, or the nodes' processes are not known.</exception>
    public async Task<FreezeReport> RunAsync(NodeTarget target, uint app, string run, CancellationToken cancellation)
    {
        var nodes = target.Endpoints.Count;
        if (nodes < 2 || target.Processes.Ids.Count != nodes || target.Https.Count != nodes)
            throw new BenchException(Say.It("freeze needs a cluster: --nodes 3, or --url, --api and --server-pid of each node.", "freeze 需要集群：使用 --nodes 3，或给出各节点的 --url、--api 与 --server-pid。"));
        var frozen = target.Processes.Ids[^1];
        var load = new RoomsLoad(plan, shape.Threads);
        using var crowd = new Crowd(target.Endpoints, new RoomsWire(app, "freeze", run, plan.Rooms, plan.RoomConnections), plan.Connections, shape.Threads, load, place: index => index % (nodes - 1));
        load.Use(crowd);
        await MixedSteps.TakeAsync(crowd, plan.Connections, shape, cancellation, Step.Connect, Step.Login);
        await JoinAsync(crowd, load, target, cancellation);
        await Quiet.WaitAsync(target.Processes, cancellation);

        load.Begin(new LoadPass(plan.Rooms, 1, plan.Rate, (long)(plan.Rate * (WarmUp + (plan.Time * 3)).TotalSeconds)));
        await PartAsync(Say.It("warm-up", "预热"), WarmUp, load, crowd, cancellation);
        load.Warmed(Marker.Now);
        var client = ClientLoad.Begin(crowd.Reactors);
        await PartAsync(Say.It("before", "冻结前"), plan.Time, load, crowd, cancellation);
        try
        {
            load.Froze(Marker.Now);
            Signals.Send(frozen, Signals.Stop);
            await PartAsync(Say.It("one node is frozen", "一个节点被冻结"), plan.Time, load, crowd, cancellation);
        }
        finally
        {
            Signals.Send(frozen, Signals.Continue);
        }

        load.Thawed(Marker.Now);
        await PartAsync(Say.It("it is awake again", "节点恢复"), plan.Time, load, crowd, cancellation);
        await MixedSteps.UntilAsync(() => load.IsSent && load.IsComplete, DrainLimit, cancellation);
        return FreezeReport.Of(plan, load, client());
    }

    /// <summary>Opens one room after the other, and sees by the nodes' counts where it lives; then all the others join.</summary>
    private async Task JoinAsync(Crowd crowd, RoomsLoad load, NodeTarget target, CancellationToken cancellation)
    {
        var counts = await CountAsync(target, cancellation);
        for (var room = 0; room < plan.Rooms; room++)
        {
            await JoinAsync(crowd, room * plan.RoomConnections, 1, cancellation);
            var started = Stopwatch.GetTimestamp();
            double[] now;
            while ((now = await CountAsync(target, cancellation)).Sum() <= counts.Sum())
            {
                if (Stopwatch.GetElapsedTime(started) > OwnerLimit) throw new BenchException(Say.It("No node counts the new room.", "没有节点统计到新房间。"));
                await Task.Delay(50, cancellation);
            }

            if (now[^1] > counts[^1]) load.PutOnFrozen(room);
            counts = now;
        }

        for (var room = 0; room < plan.Rooms; room++) await JoinAsync(crowd, room * plan.RoomConnections + 1, plan.Members, cancellation);
    }

    private async Task JoinAsync(Crowd crowd, int from, int count, CancellationToken cancellation)
    {
        var wave = await crowd.RunAsync(Step.Join, from, from + count, 0, shape.Window, null, cancellation);
        if (wave.Failed > 0) throw new BenchException(Say.It($"{wave.Failed} clients are not in their room: {Format.Faults(crowd.Errors)}.", $"{wave.Failed} 个客户端未进入房间：{Format.Faults(crowd.Errors)}。"));
    }

    private static async Task<double[]> CountAsync(NodeTarget target, CancellationToken cancellation) =>
        await Task.WhenAll(target.Https.Select(http => NodeMetrics.ReadAsync(http, Conversations, cancellation)));

    private Task PartAsync(string title, TimeSpan time, RoomsLoad load, Crowd crowd, CancellationToken cancellation) =>
        TimedPart.ShowAsync(console, crowd, title, time, () => load.Deliveries, () => false, cancellation);
}
