using System.Diagnostics;
using Im.Cli.Bench.Clients;
using Im.Cli.Bench.Measure;
using Im.Cli.Bench.Report;
using Im.Cli.Bench.Targets;
using Im.Cli.Bench.Wire;
using Im.Cli.Text;

namespace Im.Cli.Bench.Burst;

/// <param name="Cut">Users dropped at once afterwards; 0 = none.</param>
/// <param name="Reset">Drop by RST, as a lost network looks to the server's kernel at its next write; else by FIN.</param>
internal sealed record BurstPlan(uint App, int Users, int Cut, bool Reset, TimeSpan Limit);

/// <summary>
/// Level 0 users that are connected log in at the same moment. There is one order of logins if of each two users exactly one was told about the other; the ledger checks every pair.
/// </summary>
internal sealed class BurstScenario(BenchConsole console, LoadShape shape, BurstPlan plan)
{
    public async Task<BurstReport> RunAsync(NodeTarget target, CancellationToken cancellation)
    {
        var sink = new PresenceSink(plan.Users);
        using var crowd = new Crowd(target.Endpoints, new ImLevel0Wire(plan.App), plan.Users, shape.Threads, sink);
        var list = new UserList(target.Http, plan.App);
        var burst = await BurstAsync(crowd, sink, list, target, cancellation);
        var cut = plan.Cut > 0 ? await CutAsync(crowd, sink, list, cancellation) : null;
        return BurstReport.Of(burst, cut, sink.Lost, crowd.Errors);
    }

    private async Task<BurstResult> BurstAsync(Crowd crowd, PresenceSink sink, UserList list, NodeTarget target, CancellationToken cancellation)
    {
        var connects = await console.ShowAsync(
            Say.It($"connect {plan.Users}", $"连接 {plan.Users}"),
            plan.Users,
            progress => crowd.RunAsync(Step.Connect, 0, plan.Users, shape.RatePerSecond, shape.Window, progress, cancellation));
        if (connects.Failed > 0)
            throw new BenchException(Say.It($"{connects.Failed} connects failed: {Format.Faults(crowd.Errors)}.", $"{connects.Failed} 个连接失败：{Format.Faults(crowd.Errors)}。"));
        await Quiet.WaitAsync(target.Processes, cancellation);

        var due = PairLedger.Due(plan.Users);
        var load = ClientLoad.Begin(crowd.Reactors);
        var started = Stopwatch.GetTimestamp();
        var logins = await console.ShowAsync(
            Say.It($"{plan.Users} logins at once", $"{plan.Users} 个用户同时登录"),
            plan.Users,
            progress => crowd.RunAsync(Step.Login, 0, plan.Users, 0, int.MaxValue / 2, progress, cancellation));
        var complete = await UntilAsync(() => sink.Enters.Total >= due, started, crowd, cancellation);
        var client = load();
        await SettleAsync(() => sink.LastEnterAt, cancellation);
        var listed = await list.ReadAsync(cancellation);
        return new BurstResult(
            plan.Users,
            connects,
            logins,
            sink.Enters.Total,
            due,
            complete ? Stopwatch.GetElapsedTime(started, sink.LastEnterAt).TotalMilliseconds : null,
            sink.Enters.JudgeOrder(),
            listed.Distinct().Count(number => number < plan.Users),
            client);
    }

    private async Task<CutResult> CutAsync(Crowd crowd, PresenceSink sink, UserList list, CancellationToken cancellation)
    {
        var due = (long)plan.Cut * (plan.Users - plan.Cut);
        console.Note(Say.It($"{plan.Cut} users cut at once", $"{plan.Cut} 个用户同时断开"));
        var started = Stopwatch.GetTimestamp();
        var dropping = crowd.DropAsync(0, plan.Cut, plan.Reset);
        var gone = await list.UntilGoneAsync(plan.Cut, started, plan.Limit, cancellation);
        await dropping;
        var told = await UntilAsync(() => sink.Exits.Total >= due, started, crowd, cancellation);
        await SettleAsync(() => sink.LastExitAt, cancellation);
        var (missing, surplus) = sink.Exits.JudgeExits(plan.Cut);
        return new CutResult(
            plan.Cut,
            plan.Reset ? "RST" : "FIN",
            gone?.TotalMilliseconds,
            told ? Stopwatch.GetElapsedTime(started, Math.Max(started, sink.LastExitAt)).TotalMilliseconds : null,
            missing,
            surplus);
    }

    private async Task<bool> UntilAsync(Func<bool> reached, long since, Crowd crowd, CancellationToken cancellation)
    {
        while (!reached())
        {
            if (Stopwatch.GetElapsedTime(since) > plan.Limit) return false;
            crowd.ThrowIfFaulted();
            await Task.Delay(10, cancellation);
        }
        return true;
    }

    /// <summary>Waits until nothing has come for a second: what is doubled comes late.</summary>
    private static async Task SettleAsync(Func<long> lastAt, CancellationToken cancellation)
    {
        var since = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(Math.Max(since, lastAt())) < TimeSpan.FromSeconds(1)) await Task.Delay(50, cancellation);
    }
}
