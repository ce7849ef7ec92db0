using System.CommandLine;
using Im.Cli.Bench;
using Im.Cli.Bench.Report.Results;
using Im.Cli.Bench.Storm;
using Im.Cli.Bench.Wire;
using Im.Cli.Text;

namespace Im.Cli.Commands;

/// <summary><c>im bench storm</c>: everybody is cut and comes back at once.</summary>
internal sealed class StormCommand
{
    private readonly TargetOptions _target = new();
    private readonly LoginOptions _login;
    private readonly ResultOptions _result = new(MetricNames.ForStorm);
    private readonly Option<int> _clients = TargetOptions.Bounded("--clients", 18_000, 1, 1_000_000, Say.It("clients", "客户端数"));
    private readonly Option<int> _roomSize = TargetOptions.Bounded("--room-size", 1000, 1, 100_000, Say.It("clients that share a room", "共用一个房间的客户端数"));
    private readonly Option<int> _missed = TargetOptions.Bounded("--missed", 3, 0, 400, Say.It("messages stored in each room while everybody is away", "全员离线期间每个房间存入的消息数"));
    private readonly Option<int> _during = TargetOptions.Bounded("--during", 2, 0, 100, Say.It("messages stored in each room while they come back", "重连期间每个房间存入的消息数"));
    private readonly Option<int> _size = TargetOptions.Bounded("--size", 100, Marker.Length, 16 * 1024, Say.It("bytes of a message's text", "消息文本字节数"));
    private readonly Option<int> _rounds = TargetOptions.Bounded("--rounds", 3, 1, 100, Say.It("storms, one after the other", "风暴次数，依次进行"));
    private readonly Option<int> _window = TargetOptions.Bounded("--window", 0, 0, 1_000_000, Say.It("clients on their way back at once; 0: all", "同时重连的客户端数；0 表示全部"));
    private readonly Option<int> _limit = TargetOptions.Bounded("--limit", 60, 1, 3600, Say.It("seconds after which a storm has failed", "超过多少秒视为失败"));

    private readonly Option<bool> _kill = new("--kill") { Description = Say.It("with --nodes: the first node, where all --clients are, is killed instead; they come back to the others", "与 --nodes 同用：改为杀死第一个节点（--clients 全在其上），客户端重连到其余节点") };
    private readonly Option<int> _others = TargetOptions.Bounded("--others", 0, 0, 1_000_000, Say.It("with --kill: clients on the other nodes, in the same rooms", "与 --kill 同用：其余节点上同在这些房间的客户端数"));
    private readonly Option<int> _watch = TargetOptions.Bounded("--watch", 30, 1, 600, Say.It("with --kill: seconds before and after in which the other nodes' processor time is shown", "与 --kill 同用：前后各显示其余节点处理器占用的秒数"));

    public StormCommand() => _login = new LoginOptions(_target);

    public Command Create()
    {
        var command = new Command("storm", Say.It("cut everybody at once: how long until all are back, and did each get what it missed, once?", "同时切断所有客户端：多久全部回来？错过的消息是否各得一次？"))
        {
            _clients, _roomSize, _missed, _during, _size, _rounds, _window, _limit, _kill, _others, _watch,
        };
        _login.AddTo(command);
        _target.AddTo(command, pushes: true, nodes: true);
        _result.AddTo(command);
        command.Validators.Add(result =>
        {
            if (!result.TryRead(_kill, out var isKill)) return;
            if (isKill && result.TryRead(_target.Nodes, out var nodes) && nodes is not [> 1])
                result.AddError(Say.It("--kill needs a cluster of its own: --nodes 3.", "--kill 需要自己启动的集群：--nodes 3。"));
            if (isKill && result.GetResult(_rounds) is { Implicit: false }) result.AddError(Say.It("--kill happens once: leave out --rounds.", "--kill 只进行一次：请去掉 --rounds。"));
        });
        command.SetAction((result, cancellation) => BenchRun.GuardAsync(() => RunAsync(result, cancellation)));
        return command;
    }

    private async Task<int> RunAsync(ParseResult result, CancellationToken cancellation)
    {
        var login = _login.Modes(result)[0];
        var plan = new StormPlan(
            result.GetValue(_clients),
            result.GetValue(_roomSize),
            result.GetValue(_missed),
            result.GetValue(_during),
            result.GetValue(_size),
            result.GetValue(_kill) ? 1 : result.GetValue(_rounds),
            login.Key is not null,
            TimeSpan.FromSeconds(result.GetValue(_limit)),
            result.GetValue(_kill),
            result.GetValue(_kill) ? result.GetValue(_others) : 0,
            TimeSpan.FromSeconds(result.GetValue(_watch)));
        Bench.Engine.FileLimit.Require(plan.Everybody);
        var console = _result.Console(result);
        var (app, run) = (result.GetValue(_target.App), RunName.New());
        await using var node = await _target.OpenAsync(result, cancellation, login.NodeSettings);
        var tokens = login.Tokens(plan.Everybody, app, run);
        var window = result.GetValue(_window) is var given and > 0 ? given : plan.Clients;
        var report = await new StormScenario(console, new LoadShape(result.GetValue(_target.Threads), window, 0), plan).RunAsync(node, app, run, tokens, cancellation);
        StormPrinter.Print(console, report);
        return _result.Finish(result, console, report);
    }
}
