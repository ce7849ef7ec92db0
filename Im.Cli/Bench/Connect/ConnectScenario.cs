using System.Diagnostics;
using System.Globalization;
using Im.Cli.Bench.Clients;
using Im.Cli.Bench.Measure;
using Im.Cli.Bench.Report;
using Im.Cli.Bench.Targets;
using Im.Cli.Bench.Wire;
using Im.Cli.Text;

namespace Im.Cli.Bench.Connect;

/// <summary>
/// Opens connections in steps and leaves them idle. At each step: connect all, then log in all, then join all, wait until the server is quiet, have it collect, read its memory.
/// The three are waves of their own, so that a login rate is not a connect rate.
/// </summary>
internal sealed class ConnectScenario(BenchConsole console, LoadShape shape)
{
    /// <param name="steps">Numbers of connections, ascending.</param>
    /// <param name="joins">Does a connection join a room after its login? At level 0 the login does that.</param>
    /// <param name="hold">How long all are held with nothing but heartbeats while the server's processor time is taken; zero leaves it out.</param>
    public async Task<ConnectTargetReport> RunAsync(ITarget target, ICrowd crowd, string protocol, IReadOnlyList<int> steps, bool joins, bool verify, TimeSpan hold, CancellationToken cancellation)
    {
        var samples = new List<ConnectStep>();
        var from = 0;
        foreach (var to in steps)
        {
            var waves = new List<WaveResult>();
            foreach (var step in joins ? [Step.Connect, Step.Login, Step.Join] : new[] { Step.Connect, Step.Login })
            {
                var title = string.Create(CultureInfo.InvariantCulture, $"{target.Name}: {Name(step)} {from:N0} → {to:N0}");
                waves.Add(await console.ShowAsync(title, to - from, progress => crowd.RunAsync(step, from, to, shape.RatePerSecond, shape.Window, progress, cancellation)));
            }
            await Quiet.WaitAsync(target.Processes, cancellation);
            var memory = await target.CollectAsync(cancellation);
            var now = await crowd.ReadAsync(cancellation);
            samples.Add(new ConnectStep(waves, memory with { Connections = now.Open }));
            if (now.Open == 0) throw new BenchException(Say.It($"Not one connection is open: {Format.Faults(now.Errors)}.", $"没有任何连接成功：{Format.Faults(now.Errors)}。"));
            from = to;
        }
        var held = hold > TimeSpan.Zero ? await HoldAsync(target, hold, cancellation) : null;
        WaveResult? verified = null;
        if (verify)
        {
            verified = await console.ShowAsync(
                $"{target.Name}: {Name(Step.Verify)}",
                from,
                progress => crowd.RunAsync(Step.Verify, 0, from, 0, shape.Window, progress, cancellation));
        }
        var state = await crowd.ReadAsync(cancellation);
        return new ConnectTargetReport(
            target.Name,
            protocol,
            samples,
            samples.Count > 1 ? MemorySlope.Between([.. samples.Select(sample => sample.Memory)]) : null,
            verified,
            state.Load,
            state.Errors)
        {
            Held = held,
        };
    }

    private Task<ConnectHold?> HoldAsync(ITarget target, TimeSpan hold, CancellationToken cancellation) => console.ShowAsync(
        Say.It($"{target.Name}: held for {Format.Seconds(hold)}", $"{target.Name}：保持 {Format.Seconds(hold)}"),
        (int)hold.TotalSeconds,
        async _ =>
        {
            var (started, before) = (Stopwatch.GetTimestamp(), target.Processes.Cpu);
            await Task.Delay(hold, cancellation);
            return target.Processes.Cpu - before is { } used ? new ConnectHold(hold, used / Stopwatch.GetElapsedTime(started), target.Processes.ResidentBytes) : null;
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
