using System.CommandLine;
using Im.Cli.Bench;
using Im.Cli.Bench.Burst;
using Im.Cli.Bench.Report.Results;
using Im.Cli.Text;

namespace Im.Cli.Commands;

/// <summary><c>im bench burst</c>: everybody logs in at once, then many are cut at once.</summary>
internal sealed class BurstCommand
{
    private readonly TargetOptions _target = new();
    private readonly ResultOptions _result = new(MetricNames.ForBurst);
    private readonly Option<int> _users = TargetOptions.Bounded("--users", 3000, 2, 50_000, Say.It("level 0 users", "级别 0 用户数"));
    private readonly Option<int> _cut = TargetOptions.Bounded("--cut", 0, 0, 50_000, Say.It("then drop so many at once", "随后同时断开的用户数"));
    private readonly Option<string> _cutBy = new("--cut-by") { DefaultValueFactory = _ => "rst", Description = Say.It("how: rst or fin", "断开方式：rst 或 fin") };
    private readonly Option<int> _limit = TargetOptions.Bounded("--limit", 60, 1, 3600, Say.It("seconds after which it has failed", "超过多少秒视为失败"));

    public Command Create()
    {
        _cutBy.AcceptOnlyFromAmong("rst", "fin");
        var command = new Command("burst", Say.It("a login burst into one room and a mass disconnect: who was told of whom, and when", "登录风暴与大规模断线：谁何时得知谁"))
        {
            _users, _cut, _cutBy, _limit,
        };
        _target.AddTo(command);
        _result.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.TryRead(_cut, out var cut) && result.TryRead(_users, out var users) && cut >= users)
                result.AddError(Say.It("--cut is less than --users: somebody has to notice.", "--cut 必须小于 --users：需要有人察觉。"));
        });
        command.SetAction((result, cancellation) => BenchRun.GuardAsync(() => RunAsync(result, cancellation)));
        return command;
    }

    private async Task<int> RunAsync(ParseResult result, CancellationToken cancellation)
    {
        var limit = TimeSpan.FromSeconds(result.GetValue(_limit));
        var plan = new BurstPlan(result.GetValue(_target.App), result.GetValue(_users), result.GetValue(_cut), result.GetValue(_cutBy) == "rst", limit);
        Bench.Engine.FileLimit.Require(plan.Users);
        var console = _result.Console(result);
        await using var node = await _target.OpenAsync(result, cancellation);
        var report = await new BurstScenario(console, new LoadShape(result.GetValue(_target.Threads), 256, 0), plan).RunAsync(node, cancellation);
        BurstPrinter.Print(console, report);
        return _result.Finish(result, console, report);
    }
}
