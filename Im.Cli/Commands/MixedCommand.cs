using System.CommandLine;
using Im.Cli.Bench;
using Im.Cli.Bench.Mixed;
using Im.Cli.Bench.Report.Results;
using Im.Cli.Bench.Wire;
using Im.Cli.Text;

namespace Im.Cli.Commands;

/// <summary><c>im bench mixed</c>: several kinds of work at once, each at its rate.</summary>
internal sealed class MixedCommand
{
    private readonly TargetOptions _target = new();
    private readonly ResultOptions _result = new(MetricNames.ForMixed);
    private readonly Option<int> _sends = TargetOptions.Bounded("--sends", 1000, 0, 1_000_000, Say.It("durable messages a second; 0: none", "每秒持久消息数；0 表示无"));
    private readonly Option<int> _senders = TargetOptions.Bounded("--senders", 64, 2, 10_000, Say.It("connections that send them", "发送连接数"));
    private readonly Option<int> _broadcasts = TargetOptions.Bounded("--broadcasts", 5, 0, 100_000, Say.It("broadcasts a second into one room; 0: none", "每秒向一个房间广播的次数；0 表示无"));
    private readonly Option<int> _members = TargetOptions.Bounded("--members", 1000, 1, 1_000_000, Say.It("members of that room", "该房间成员数"));
    private readonly Option<int> _pushes = TargetOptions.Bounded("--pushes", 1000, 0, 1_000_000, Say.It("gRPC pushes a second; 0: none", "每秒 gRPC 推送数；0 表示无"));
    private readonly Option<int> _users = TargetOptions.Bounded("--users", 1000, 1, 100_000, Say.It("users online whom they go to", "推送的在线用户数"));
    private readonly Option<int> _reconnects = TargetOptions.Bounded("--reconnects", 50, 0, 100_000, Say.It("clients cut and back a second; 0: none", "每秒断线重连的客户端数；0 表示无"));
    private readonly Option<int> _size = TargetOptions.Bounded("--size", 200, Marker.Length, 16 * 1024, Say.It("bytes of every text", "每条文本的字节数"));
    private readonly Option<int> _seconds = TargetOptions.Bounded("--seconds", 20, 1, 3600, Say.It("seconds of all that", "持续秒数"));

    public Command Create()
    {
        var command = new Command("mixed", Say.It("durable messages, a room, pushes and reconnects at once, each at a rate of its own: latency of each", "持久消息、房间广播、推送与重连同时进行，各有速率：各自的延迟"))
        {
            _sends, _senders, _broadcasts, _members, _pushes, _users, _reconnects, _size, _seconds,
        };
        _target.AddTo(command, pushes: true);
        _result.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.TryRead(_senders, out var senders) && senders % 2 != 0) result.AddError(Say.It("--senders is even: they write to each other.", "--senders 必须为偶数：发送者两两互发。"));
            if (new[] { _sends, _broadcasts, _pushes, _reconnects }.All(option => result.TryRead(option, out var rate) && rate == 0)) result.AddError(Say.It("All rates are 0: nothing is left to measure.", "所有速率均为 0：没有可测量的内容。"));
        });
        command.SetAction((result, cancellation) => BenchRun.GuardAsync(() => RunAsync(result, cancellation)));
        return command;
    }

    private async Task<int> RunAsync(ParseResult result, CancellationToken cancellation)
    {
        var plan = new MixedPlan(
            result.GetValue(_sends),
            result.GetValue(_senders),
            result.GetValue(_broadcasts),
            result.GetValue(_members),
            result.GetValue(_pushes),
            result.GetValue(_users),
            result.GetValue(_reconnects),
            result.GetValue(_size),
            TimeSpan.FromSeconds(result.GetValue(_seconds)));
        Bench.Engine.FileLimit.Require(plan.Connections);
        var console = _result.Console(result);
        await using var node = await _target.OpenAsync(result, cancellation);
        var report = await new MixedScenario(console, new LoadShape(result.GetValue(_target.Threads), 256, 0), plan).RunAsync(node, result.GetValue(_target.App), RunName.New(), cancellation);
        MixedPrinter.Print(console, report);
        return _result.Finish(result, console, report);
    }
}
