using System.CommandLine;
using System.CommandLine.Parsing;
using Im.Cli.Bench.Report;
using Im.Cli.Bench.Targets;
using Im.Cli.Text;
using Im.Cli.Verify;
using Im.Cli.Verify.Cluster;
using Im.Cli.Verify.Faults;
using Im.Cli.Verify.Report;

namespace Im.Cli.Commands;

/// <summary><c>im verify</c>: disturbs a node under load and checks that no promise was broken.</summary>
internal sealed class VerifyCommand
{
    private readonly Option<string> _plan = new("--plan") { DefaultValueFactory = _ => "ci", Description = Say.It("quick (under a minute), ci (about two) or full (about ten)", "quick（不到一分钟）、ci（约两分钟）或 full（约十分钟）") };
    private readonly Option<int?> _rounds = new("--rounds") { Description = Say.It("rounds of load, each ending with a fault", "轮数，每轮以一次故障结束") };
    private readonly Option<string[]?> _faults = new("--faults") { AllowMultipleArgumentsPerToken = true, Description = Say.It($"faults to take in turn: {Names<Fault>()}; with --cluster: {Names<ClusterFault>()}", $"依次施加的故障：{Names<Fault>()}；使用 --cluster 时：{Names<ClusterFault>()}") };
    private readonly Option<bool> _cluster = new("--cluster") { Description = Say.It("three nodes, PostgreSQL and nginx on this machine, in network namespaces when run by root", "在本机启动三个节点、PostgreSQL 与 nginx；以 root 运行时各在独立的网络命名空间中") };
    private readonly Option<string?> _otherNodePath = new("--other-node-path") { Description = Say.It("another build of the node, for the fault mixed", "用于 mixed 故障的另一个节点版本") };
    private readonly Option<int?> _seconds = new("--seconds") { Description = Say.It("seconds of load before each fault", "每次故障前的负载秒数") };
    private readonly Option<int?> _senders = new("--senders") { Description = Say.It("users, each with one device that sends", "用户数，每个用户有一台发送设备") };
    private readonly Option<int?> _devices = new("--devices") { Description = Say.It("devices, shared among the users", "设备总数，分给各用户") };
    private readonly Option<int?> _rate = new("--rate") { Description = Say.It("commands per second, all senders together", "全部发送者每秒的命令数") };
    private readonly Option<int?> _seed = new("--seed") { Description = Say.It("seed of the random choices", "随机选择的种子") };
    private readonly Option<bool> _keep = new("--keep") { Description = Say.It("keep data and logs of the node (they are kept on violations in any case)", "保留节点的数据与日志（出现违例时总会保留）") };
    private readonly Option<Uri?> _url = new("--url") { CustomParser = TargetOptions.ParseUri, Description = Say.It("WebSocket address of a running node (default: start one); it is not killed then", "正在运行的节点的 WebSocket 地址（默认：启动一个）；此时不会杀死它") };
    private readonly Option<Uri?> _api = new("--api") { CustomParser = TargetOptions.ParseUri, Description = Say.It("HTTP address of that node", "该节点的 HTTP 地址") };
    private readonly Option<string?> _apiKey = new("--api-key") { Description = Say.It("API key of that node; or the variable IM_API_KEY", "该节点的 API 密钥；或环境变量 IM_API_KEY") };
    private readonly Option<string?> _nodePath = new("--node-path") { Description = Say.It("dll or executable of the node to start (default: the source tree's, Release)", "要启动的节点程序（默认：源码树中的 Release 版本）") };
    private readonly Option<bool> _json = new("--json") { Description = Say.It("print the result as JSON", "以 JSON 输出结果") };

    public Command Create()
    {
        _plan.AcceptOnlyFromAmong("quick", "ci", "full");
        var command = new Command("verify", Say.It(
            "disturb a node under load (kill -9, stop, restart, slow readers, broken connections) and check that no message was lost, doubled or reordered. Variables Im__… reach the node.",
            "在负载下扰动节点（kill -9、暂停、重启、慢读者、断线），检查没有消息丢失、重复或乱序。环境变量 Im__… 会传给节点。"))
        {
            _plan, _rounds, _cluster, _otherNodePath, _faults, _seconds, _senders, _devices, _rate, _seed, _keep, _url, _api, _apiKey, _nodePath, _json,
        };
        command.Validators.Add(Check);
        command.SetAction((result, cancellation) => BenchRun.GuardAsync(() => RunAsync(result, cancellation)));
        return command;
    }

    private async Task<int> RunAsync(ParseResult result, CancellationToken cancellation)
    {
        var console = BenchConsole.ForProcess(result.GetValue(_json));
        if (result.GetValue(_cluster)) return await RunClusterAsync(console, result, cancellation);
        var plan = PlanOf(result);
        var node = result.GetValue(_url) is { } url
            ? VerifyNode.Running(url, result.GetValue(_api)!, result.GetValue(_apiKey) ?? Environment.GetEnvironmentVariable("IM_API_KEY"))
            : await VerifyNode.StartAsync(await NodeLocator.FindAsync(result.GetValue(_nodePath), cancellation), plan.Faults.Contains(Fault.PowerCut), cancellation);
        VerifyReport report;
        await using (node) report = await new VerifyRun(console, plan, node).RunAsync(RunName.New(), cancellation);
        VerifyPrinter.Print(console, report);
        console.Result(report);
        if (report.Valid && !result.GetValue(_keep)) node.Forget();
        else if (node.IsOwn) console.Note(Say.It($"data and logs: {node.Directory}", $"数据与日志：{node.Directory}"));
        return Verdict.ExitCode(report.Valid);
    }

    private async Task<int> RunClusterAsync(BenchConsole console, ParseResult result, CancellationToken cancellation)
    {
        var faults = Parse<ClusterFault>(result.GetValue(_faults)) is { Length: > 0 } named ? named : ClusterVerify.Faults;
        var program = await NodeLocator.FindAsync(result.GetValue(_nodePath), cancellation);
        var other = result.GetValue(_otherNodePath) is { } path ? await NodeLocator.FindAsync(path, cancellation) : null;
        var plan = PlanOf(result) with { Rounds = result.GetValue(_rounds) ?? faults.Count };
        var report = await ClusterVerify.RunAsync(console, plan, faults, program, other, result.GetValue(_keep), RunName.New(), cancellation);
        RecoveryPrinter.Print(console, report.Recoveries);
        VerifyPrinter.Print(console, report.Verify);
        console.Result(report);
        return Verdict.ExitCode(report.Verify.Valid);
    }

    private VerifyPlan PlanOf(ParseResult result)
    {
        var plan = result.GetValue(_plan) switch
        {
            "full" => VerifyPlan.Full,
            "quick" => VerifyPlan.Quick,
            _ => VerifyPlan.Ci,
        };
        return plan with
        {
            Rounds = result.GetValue(_rounds) ?? plan.Rounds,
            Faults = !result.GetValue(_cluster) && Parse<Fault>(result.GetValue(_faults)) is { Length: > 0 } faults ? faults : plan.Faults,
            RoundTime = result.GetValue(_seconds) is { } seconds ? TimeSpan.FromSeconds(seconds) : plan.RoundTime,
            Senders = result.GetValue(_senders) ?? plan.Senders,
            Devices = Math.Max(result.GetValue(_devices) ?? plan.Devices, result.GetValue(_senders) ?? plan.Senders),
            Rate = result.GetValue(_rate) ?? plan.Rate,
            Seed = result.GetValue(_seed) ?? plan.Seed,
        };
    }

    private void Check(CommandResult result)
    {
        if (result.TryRead(_faults, out var faults) && faults?.SelectMany(name => name.Split(',')).Contains(nameof(Fault.PowerCut), StringComparer.OrdinalIgnoreCase) == true)
        {
            if (result.TryRead(_url, out var running) && running is not null) result.AddError(Say.It("powercut is for a node that im verify starts.", "powercut 只能用于 im verify 自己启动的节点。"));
            if (string.Equals(Environment.GetEnvironmentVariable("Im__Storage__Provider"), "postgres", StringComparison.OrdinalIgnoreCase))
                result.AddError(Say.It("powercut is for SQLite: the node's own disk holds nothing else.", "powercut 仅用于 SQLite：节点自己的磁盘上没有别的数据。"));
        }

        if (result.TryRead(_url, out var url) && result.TryRead(_api, out var api) && (url is null) != (api is null))
            result.AddError(Say.It("--url and --api are given together.", "--url 与 --api 需要同时给出。"));
        if (result.TryRead(_cluster, out var isCluster) && isCluster && url is not null)
            result.AddError(Say.It("--cluster starts nodes of its own: leave out --url and --api.", "--cluster 会启动自己的节点：请去掉 --url 与 --api。"));
        CheckFaults(result);
        foreach (var (option, min) in new[] { (_rounds, 0), (_seconds, 1), (_senders, 2), (_devices, 2), (_rate, 1) })
        {
            if (result.TryRead(option, out var value) && value < min) result.AddError(Say.It($"{option.Name} is at least {min}.", $"{option.Name} 至少为 {min}。"));
        }
    }

    private void CheckFaults(CommandResult result)
    {
        if (!result.TryRead(_faults, out var names) || names is null || !result.TryRead(_cluster, out var isCluster)) return;
        var known = isCluster ? Names<ClusterFault>() : Names<Fault>();
        foreach (var name in names.SelectMany(name => name.Split(',')))
        {
            if (!known.Split(',').Contains(name, StringComparer.OrdinalIgnoreCase)) result.AddError(Say.It($"'{name}' is no fault: {known}.", $"“{name}” 不是故障：{known}。"));
        }
    }

    private static TFault[] Parse<TFault>(string[]? names)
        where TFault : struct, Enum => [.. (names ?? []).SelectMany(name => name.Split(',')).Select(name => Enum.Parse<TFault>(name, ignoreCase: true))];

    private static string Names<TFault>()
        where TFault : struct, Enum => string.Join(',', Enum.GetNames<TFault>().Select(name => name.ToLowerInvariant()));
}
