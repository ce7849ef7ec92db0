using System.CommandLine;
using Im.Cli.Bench;
using Im.Cli.Bench.Freeze;
using Im.Cli.Bench.Report.Results;
using Im.Cli.Bench.Wire;
using Im.Cli.Text;

namespace Im.Cli.Commands;

/// <summary><c>im bench freeze</c>: what the rooms of the other nodes feel of a node that is frozen.</summary>
internal sealed class FreezeCommand
{
    private const int DefaultNodesCount = 3;

    private readonly TargetOptions _target = new() { DefaultNodesCount = DefaultNodesCount };
    private readonly ResultOptions _result = new(MetricNames.ForFreeze);
    private readonly Option<int> _rooms = TargetOptions.Bounded("--rooms", 24, 1, 1000, Say.It("rooms", "房间数"));
    private readonly Option<int> _members = TargetOptions.Bounded("--members", 100, 1, 10_000, Say.It("members of each, on the nodes that stay", "每个房间的成员数，都在正常节点上"));
    private readonly Option<int> _rate = TargetOptions.Bounded("--rate", 120, 1, 100_000, Say.It("broadcasts a second, all rooms together", "全部房间每秒的广播数"));
    private readonly Option<int> _size = TargetOptions.Bounded("--size", 200, Marker.Length, 16 * 1024, Say.It("bytes of the text", "文本字节数"));
    private readonly Option<int> _seconds = TargetOptions.Bounded("--seconds", 20, 1, 600, Say.It("seconds before, while the node is frozen, and after: of each", "冻结前、冻结期间与恢复后各多少秒"));

    public Command Create()
    {
        var command = new Command("freeze", Say.It("one node of a cluster is frozen (SIGSTOP): latency in the rooms of the others before, meanwhile and after", "冻结集群中的一个节点（SIGSTOP）：其他节点上房间在冻结前、期间与之后的延迟"))
        {
            _rooms, _members, _rate, _size, _seconds,
        };
        _target.AddTo(command, nodes: true);
        _result.AddTo(command);
        command.SetAction((result, cancellation) => BenchRun.GuardAsync(() => RunAsync(result, cancellation)));
        return command;
    }

    private async Task<int> RunAsync(ParseResult result, CancellationToken cancellation)
    {
        var plan = new FreezePlan(result.GetValue(_rooms), result.GetValue(_members), result.GetValue(_rate), result.GetValue(_size), TimeSpan.FromSeconds(result.GetValue(_seconds)));
        Bench.Engine.FileLimit.Require(plan.Connections);
        var console = _result.Console(result);
        await using var target = await _target.OpenAsync(result, cancellation);
        var report = await new FreezeScenario(console, new LoadShape(result.GetValue(_target.Threads), 256, 0), plan).RunAsync(target, result.GetValue(_target.App), RunName.New(), cancellation);
        FreezePrinter.Print(console, report);
        return _result.Finish(result, console, report);
    }
}
