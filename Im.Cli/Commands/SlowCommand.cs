using System.CommandLine;
using Im.Cli.Bench;
using Im.Cli.Bench.Report.Results;
using Im.Cli.Bench.Slow;
using Im.Cli.Bench.Wire;
using Im.Cli.Text;

namespace Im.Cli.Commands;

/// <summary><c>im bench slow</c>: does one reader that stops delay the others, and when is it ended?</summary>
internal sealed class SlowCommand
{
    private readonly TargetOptions _target = new();
    private readonly ResultOptions _result = new(MetricNames.ForSlow);
    private readonly Option<int> _members = TargetOptions.Bounded("--members", 1000, 2, 1_000_000, Say.It("members, the slow one included", "成员数（包含慢读者）"));
    private readonly Option<int> _messages = TargetOptions.Bounded("--messages", 500, 1, 1_000_000, Say.It("broadcasts while everybody reads", "所有成员正常读取时的广播条数"));
    private readonly Option<int> _size = TargetOptions.Bounded("--size", 4000, Marker.Length, 16 * 1024, Say.It("bytes of the text", "文本字节数"));
    private readonly Option<int> _limit = TargetOptions.Bounded("--limit", 120, 1, 3600, Say.It("seconds after which it has failed", "超过多少秒视为失败"));

    public Command Create()
    {
        var command = new Command("slow", Say.It("one member stops reading: latency of the others, and when the server ends it", "一个成员停止读取：其余成员的延迟，以及服务器何时断开它"))
        {
            _members, _messages, _size, _limit,
        };
        _target.AddTo(command);
        _result.AddTo(command);
        command.SetAction((result, cancellation) => BenchRun.GuardAsync(() => RunAsync(result, cancellation)));
        return command;
    }

    private async Task<int> RunAsync(ParseResult result, CancellationToken cancellation)
    {
        var plan = new SlowPlan(result.GetValue(_members), result.GetValue(_messages), result.GetValue(_size), TimeSpan.FromSeconds(result.GetValue(_limit)));
        Bench.Engine.FileLimit.Require(plan.Members + 1);
        var console = _result.Console(result);
        await using var node = await _target.OpenAsync(result, cancellation);
        var wire = new ImLevel2Wire(result.GetValue(_target.App), "bench", RunName.New());
        var report = await new SlowScenario(console, new LoadShape(result.GetValue(_target.Threads), 256, 0), plan).RunAsync(node, wire, cancellation);
        SlowPrinter.Print(console, report);
        return _result.Finish(result, console, report);
    }
}
