using System.Diagnostics;
using Im.Cli.Bench.Clients;
using Im.Cli.Bench.Measure;
using Im.Cli.Bench.Push;
using Im.Cli.Bench.Report;
using Im.Cli.Bench.Targets;
using Im.Cli.Bench.Wire;
using Im.Cli.Text;
using Im.Protocol.Ingress.V1;

namespace Im.Cli.Bench.Storm;

/// <summary>
/// All clients are cut at once and come back with their cursors, as fast as they can. Messages are stored in their rooms while they are away and while they come back; each client has
/// to get each of them once, in order.
/// </summary>
internal sealed class StormScenario(BenchConsole console, LoadShape shape, StormPlan plan)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private volatile bool _isKilled;

    /// <param name="tokens">By client; null for guests.</param>
    /// <exception cref="BenchException">Not all clients could log in and join at first, or a message was not stored.</exception>
    public async Task<StormReport> RunAsync(NodeTarget target, uint app, string run, IReadOnlyList<string>? tokens, CancellationToken cancellation)
    {
        if (plan.Kill && target.Nodes.Count < 2) throw new BenchException(Say.It("--kill needs nodes of our own: --nodes 3.", "--kill 需要自己启动的节点：--nodes 3。"));
        var book = new StormBook(plan.Everybody);
        var log = new RoomLog(run, plan.Rooms);
        var wire = new StormWire(app, run, log, RoomOf, book.Have, tokens);
        using var crowd = new Crowd(target.Endpoints, wire, plan.Everybody, shape.Threads, book, place: plan.Kill ? client => KillPlace(client, target.Endpoints.Count) : null);
        using var channel = PushChannel.Open(target);
        var feed = new RoomFeed(new PushService.PushServiceClient(channel.Intercepted), log, app, plan.SizeBytes);
        await FillAsync(crowd, cancellation);
        await feed.StoreAsync(1, cancellation);
        await ArrivedAsync(book, log, cancellation);
        var rounds = new List<StormFigures>();
        for (var round = 1; round <= plan.Rounds; round++)
        {
            wire.Try = round + 1;
            await Quiet.WaitAsync(target.Processes, cancellation);
            rounds.Add(plan.Kill
                ? await KillAsync(target, crowd, book, log, feed, cancellation)
                : await StormAsync(crowd, book, log, feed, round, target.Processes, cancellation));
        }

        return StormReport.Of(plan, rounds, book, crowd.Errors);
    }

    private async Task<StormFigures> StormAsync(Crowd crowd, StormBook book, RoomLog log, RoomFeed feed, int round, ServerProcesses server, CancellationToken cancellation)
    {
        var (inAnswers, pushed, repeated) = (book.InAnswers, book.Pushed, book.Repeated);
        await crowd.DropAsync(0, plan.Clients, reset: true);
        await feed.StoreAsync(plan.Missed, cancellation);
        var watch = LoadWatch.Begin(crowd.Reactors, server);
        var storing = feed.StoreAsync(plan.During, cancellation);
        var title = Say.It($"storm {round}: {Format.Count(plan.Clients)} come back", $"第 {round} 次风暴：{Format.Count(plan.Clients)} 个客户端重连");
        var back = await console.ShowAsync(title, plan.Clients, progress => crowd.RunAsync(Step.Return, 0, plan.Clients, shape.RatePerSecond, shape.Window, progress, cancellation));
        var use = watch.Read();
        await storing;
        await ArrivedAsync(book, log, cancellation);
        var faults = book.Check(Ends(log));
        return StormFigures.Of(round, back, book.InAnswers - inAnswers, book.Pushed - pushed, book.Repeated - repeated, faults, use);
    }

    /// <summary>The first node is killed and stays down. What is stored meanwhile waits, as everything does, until the others have taken its conversations over.</summary>
    private async Task<StormFigures> KillAsync(NodeTarget target, Crowd crowd, StormBook book, RoomLog log, RoomFeed feed, CancellationToken cancellation)
    {
        var victim = target.Nodes[0];
        var staying = target.Processes.Without(victim.ProcessId);
        var before = await WatchAsync(staying, Say.It("the nodes that will stay, before", "其余节点（之前）"), cancellation);
        await crowd.ExpectLossAsync(0, plan.Clients);
        var (inAnswers, pushed, repeated) = (book.InAnswers, book.Pushed, book.Repeated);
        _isKilled = true;
        var watch = LoadWatch.Begin(crowd.Reactors, staying);
        victim.Kill(isHeld: true);
        var storing = feed.StoreAsync(plan.Missed + plan.During, cancellation);
        var title = Say.It($"a node is killed: {Format.Count(plan.Clients)} come back", $"杀死一个节点：{Format.Count(plan.Clients)} 个客户端重连");
        var back = await console.ShowAsync(title, plan.Clients, progress => crowd.RunAsync(Step.Return, 0, plan.Clients, shape.RatePerSecond, shape.Window, progress, cancellation));
        var use = watch.Read();
        await storing;
        await ArrivedAsync(book, log, cancellation);
        var after = await WatchAsync(staying, Say.It("the nodes that stayed, after", "其余节点（之后）"), cancellation);
        var figures = StormFigures.Of(1, back, book.InAnswers - inAnswers, book.Pushed - pushed, book.Repeated - repeated, book.Check(Ends(log)), use);
        return figures with { CpuBefore = before, CpuAfter = after };
    }

    /// <summary>Processors that the nodes use together, second by second.</summary>
    private Task<IReadOnlyList<double>> WatchAsync(ServerProcesses nodes, string title, CancellationToken cancellation) => console.ShowAsync(title, (int)plan.Watch.TotalSeconds, async progress =>
    {
        var shares = new List<double>();
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        var (at, cpu) = (Stopwatch.GetTimestamp(), nodes.Cpu!.Value);
        while (shares.Count < (int)plan.Watch.TotalSeconds && await timer.WaitForNextTickAsync(cancellation))
        {
            var (now, used) = (Stopwatch.GetTimestamp(), nodes.Cpu!.Value);
            shares.Add((used - cpu) / Stopwatch.GetElapsedTime(at, now));
            (at, cpu) = (now, used);
            progress.Report(shares.Count);
        }

        return (IReadOnlyList<double>)shares;
    });

    /// <summary>The first node has the clients that come back; once it is killed they take the others in turn.</summary>
    private int KillPlace(int client, int nodes) => client < plan.Clients && !_isKilled ? 0 : 1 + client % (nodes - 1);

    /// <summary>The first login and the rooms.</summary>
    private async Task FillAsync(Crowd crowd, CancellationToken cancellation)
    {
        foreach (var step in new[] { Step.Return, Step.Join })
        {
            var title = $"{Connect.ConnectScenario.Name(step)} {Format.Count(plan.Everybody)}";
            var wave = await console.ShowAsync(title, plan.Everybody, progress => crowd.RunAsync(step, 0, plan.Everybody, 0, 256, progress, cancellation));
            if (wave.Failed > 0) throw new BenchException(Say.It($"{wave.Failed} clients are not in their room: {Format.Faults(crowd.Errors)}.", $"{wave.Failed} 个客户端未进入房间：{Format.Faults(crowd.Errors)}。"));
        }
    }

    /// <summary>Waits until every client has all that was stored, or nothing has come for a while.</summary>
    private async Task ArrivedAsync(StormBook book, RoomLog log, CancellationToken cancellation)
    {
        var ends = Ends(log);
        var (seen, since) = (-1L, Stopwatch.GetTimestamp());
        while (book.Check(ends).Missing > 0 && Stopwatch.GetElapsedTime(since) < Patience)
        {
            await Task.Delay(20, cancellation);
            var now = book.InAnswers + book.Pushed;
            if (now != seen) (seen, since) = (now, Stopwatch.GetTimestamp());
        }
    }

    private int[] Ends(RoomLog log) => [.. Enumerable.Range(0, plan.Everybody).Select(client => log.CountOf(RoomOf(client)))];

    private int RoomOf(int client) => client / plan.RoomSize;
}
