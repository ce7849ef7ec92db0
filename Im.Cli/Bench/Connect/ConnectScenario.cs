using System.Diagnostics;
using System.Globalization;
using Im.Cli.Bench.Clients;
using Im.Cli.Bench.Measure;
using Im.Cli.Bench.Report;
using Im.Cli.Bench.Targets;
using Im.Cli.Bench.Wire;
using Im.Cli.Text;

namespace Im.Cli.Bench.Connect;

/// <param name="Steps">Numbers of connections, ascending.</param>
/// <param name="Hold">How long all are held at each step with nothing but heartbeats while the server's processor time is taken; zero leaves it out.</param>
internal sealed record ConnectPlan(IReadOnlyList<int> Steps, int Rounds, bool Verify, TimeSpan Hold);

/// <summary>A server, and the clients that it gets in each round.</summary>
/// <param name="Joins">Does a connection join a room after its login? At level 0 the login does that.</param>
internal sealed record ConnectParty(ITarget Target, string Name, string Protocol, bool Joins, Func<Task<ICrowd>> OpenAsync);

/// <summary>
/// Opens connections in steps and leaves them idle. At each step: connect all, then log in all, then join all, wait until the server is quiet, have it collect, read its memory.
/// The three are waves of their own, so that a login rate is not a connect rate. Parties take turns in each round; only one has connections at a time.
/// </summary>
internal sealed class ConnectScenario(BenchConsole console, LoadShape shape, ConnectPlan plan)
{
    public async Task<IReadOnlyList<ConnectTargetReport>> RunAsync(IReadOnlyList<ConnectParty> parties, CancellationToken cancellation)
    {
        var reports = new List<ConnectTargetReport>();
        for (var round = 1; round <= plan.Rounds; round++)
        {
            foreach (var party in parties)
            {
                await using (var crowd = await party.OpenAsync()) reports.Add(await RunAsync(party, crowd, round, cancellation));
                await Quiet.WaitAsync(party.Target.Processes, cancellation);
            }
        }

        return reports;
    }

    private async Task<ConnectTargetReport> RunAsync(ConnectParty party, ICrowd crowd, int round, CancellationToken cancellation)
    {
        var target = party.Target;
        var name = plan.Rounds == 1 ? party.Name : Say.It($"{party.Name}, round {round}", $"{party.Name}，第 {round} 轮");
        var samples = new List<ConnectStep>();
        var from = 0;
        foreach (var to in plan.Steps)
        {
            var waves = new List<WaveResult>();
            foreach (var step in party.Joins ? [Step.Connect, Step.Login, Step.Join] : new[] { Step.Connect, Step.Login })
            {
                var title = string.Create(CultureInfo.InvariantCulture, $"{name}: {Name(step)} {from:N0} → {to:N0}");
                waves.Add(await console.ShowAsync(title, to - from, progress => crowd.RunAsync(step, from, to, shape.RatePerSecond, shape.Window, progress, cancellation)));
            }
            await Quiet.WaitAsync(target.Processes, cancellation);
            var memory = await target.CollectAsync(cancellation);
            var now = await crowd.ReadAsync(cancellation);
            if (now.Open == 0) throw new BenchException(Say.It($"Not one connection is open: {Format.Faults(now.Errors)}.", $"没有任何连接成功：{Format.Faults(now.Errors)}。"));
            memory = memory with { Connections = now.Open };
            samples.Add(new ConnectStep(waves, memory)
            {
                Added = samples is [.., var before] && before.Memory.Connections < now.Open ? MemorySlope.Between([before.Memory, memory]) : null,
                Held = plan.Hold > TimeSpan.Zero ? await HoldAsync(name, target, cancellation) : null,
            });
            from = to;
        }
        WaveResult? verified = null;
        if (plan.Verify)
        {
            verified = await console.ShowAsync(
                $"{name}: {Name(Step.Verify)}",
                from,
                progress => crowd.RunAsync(Step.Verify, 0, from, 0, shape.Window, progress, cancellation));
        }
        var state = await crowd.ReadAsync(cancellation);
        return new ConnectTargetReport(
            party.Name,
            round,
            party.Protocol,
            samples,
            // Later rounds begin with what the node still keeps of the users of earlier ones.
            round == 1 && samples.Count > 1 ? MemorySlope.Between([.. samples.Select(sample => sample.Memory)]) : null,
            verified,
            state.Load,
            state.Errors);
    }

    private Task<ConnectHold?> HoldAsync(string name, ITarget target, CancellationToken cancellation) => console.ShowAsync(
        Say.It($"{name}: held for {Format.Seconds(plan.Hold)}", $"{name}：保持 {Format.Seconds(plan.Hold)}"),
        (int)plan.Hold.TotalSeconds,
        async _ =>
        {
            var (started, before) = (Stopwatch.GetTimestamp(), target.Processes.Cpu);
            await Task.Delay(plan.Hold, cancellation);
            return target.Processes.Cpu - before is { } used ? new ConnectHold(plan.Hold, used / Stopwatch.GetElapsedTime(started), target.Processes.ResidentBytes) : null;
        });

    public static string Name(Step step) => step switch
    {
        Step.Connect => Say.It("connect", "连接"),
        Step.Login => Say.It("login", "登录"),
        Step.Join => Say.It("join", "加入房间"),
        Step.Return => Say.It("connect and login", "连接并登录"),
        _ => Say.It("heartbeat answered", "心跳应答"),
    };
}
