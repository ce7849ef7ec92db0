using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Im.Cli.Bench;
using Im.Cli.Bench.Clients;
using Im.Cli.Bench.Clients.Processes;
using Im.Cli.Bench.Connect;
using Im.Cli.Bench.Report.Results;
using Im.Cli.Bench.Targets;
using Im.Cli.Bench.Wire;
using Im.Cli.Text;

namespace Im.Cli.Commands;

/// <summary><c>im bench connect</c>: what an idle logged-in connection costs, and how fast they come.</summary>
internal sealed class ConnectCommand
{
    private const string Room = "lobby";

    private readonly TargetOptions _target = new();
    private readonly LoginOptions _login;
    private readonly ResultOptions _result = new(MetricNames.ForConnect);
    private readonly Option<int> _count = TargetOptions.Bounded("--count", 18_000, 1, 1_000_000, Say.It("connections at the end", "最终连接数"));
    private readonly Option<int[]?> _steps = new("--steps") { Description = Say.It("connections at which memory is read, such as 2000,18000 (default: a ninth of the count, and the count)", "读取内存时的连接数，例如 2000,18000（默认：总数的九分之一与总数）"), CustomParser = ParseSteps };
    private readonly Option<int> _level = new("--level") { DefaultValueFactory = _ => 2, Description = Say.It("2, or 0 for the old clients' protocol", "2，或 0（旧客户端协议）") };
    private readonly Option<int> _rate = TargetOptions.Bounded("--rate", 0, 0, 1_000_000, Say.It("connects and logins per second; 0: as fast as possible", "每秒连接与登录数；0 表示尽快"));
    private readonly Option<int> _window = TargetOptions.Bounded("--window", 256, 1, 100_000, Say.It("connects or logins under way at once", "同时进行的连接或登录数"));
    private readonly Option<bool> _verify = new("--verify") { Description = Say.It("at the end every connection has to answer a heartbeat", "结束时每个连接都必须应答一次心跳") };
    private readonly Option<int> _hold = TargetOptions.Bounded("--hold", 0, 0, 3600, Say.It("seconds at each step in which all are held with heartbeats alone, and the server's processor time is taken", "每一步仅以心跳保持所有连接的秒数，并测量服务器处理器占用"));
    private readonly Option<int> _processes = TargetOptions.Bounded("--processes", 0, 0, 64, Say.It("client processes; 0: as many as the file limit asks for", "客户端进程数；0 表示按文件数限制决定"));
    private readonly Option<int> _rounds = TargetOptions.Bounded("--rounds", 1, 1, 100, Say.It("rounds; with --peer, or several of --auth or --nodes, all take turns in each, with other users each time", "轮数；使用 --peer、多个 --auth 或 --nodes 时每轮各方交替，每次使用新用户"));
    private readonly PeerOptions _peer = new();

    public ConnectCommand() => _login = new LoginOptions(_target, several: true);

    public Command Create()
    {
        _level.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: not ("0" or "2") }]) result.AddError(Say.It("--level is 0 or 2.", "--level 只能是 0 或 2。"));
        });
        var command = new Command("connect", Say.It("hold many idle connections: memory per connection, logins per second", "保持大量空闲连接：每连接内存、每秒登录数"))
        {
            _count, _steps, _level, _rate, _window, _verify, _hold, _processes, _rounds,
        };
        _login.AddTo(command);
        _peer.AddTo(command);
        _target.AddTo(command, nodes: true, apart: true, several: true);
        _result.AddTo(command);
        command.Validators.Add(CheckSteps);
        command.Validators.Add(result =>
        {
            if (_login.TryReadJwt(result, out var isJwt) && isJwt && result.TryRead(_level, out var level) && level == 0) result.AddError(Say.It("--auth jwt is for --level 2.", "--auth jwt 仅用于 --level 2。"));
        });
        command.SetAction((result, cancellation) => BenchRun.GuardAsync(() => RunAsync(result, cancellation)));
        return command;
    }

    private async Task<int> RunAsync(ParseResult result, CancellationToken cancellation)
    {
        var plan = new ConnectPlan(Steps(result.GetValue(_count), result.GetValue(_steps)), result.GetValue(_rounds), result.GetValue(_verify), TimeSpan.FromSeconds(result.GetValue(_hold)));
        var console = _result.Console(result);
        var scenario = new ConnectScenario(console, new LoadShape(result.GetValue(_target.Threads), result.GetValue(_window), result.GetValue(_rate)), plan);
        var parties = new List<ConnectParty>();
        try
        {
            foreach (var mode in _peer.Alone(result) ? [] : _login.Modes(result))
            {
                foreach (var node in await _target.OpenAllAsync(result, cancellation, mode.NodeSettings)) parties.Add(Party(result, node, mode, plan.Steps[^1]));
            }

            if (_peer.Wanted(result)) parties.Add(Party(result, await PeerTarget.StartAsync(result.GetValue(_target.Addresses), cancellation), plan.Steps[^1]));
            var report = ConnectReport.Of(await scenario.RunAsync(parties, cancellation));
            ConnectPrinter.Print(console, report);
            return _result.Finish(result, console, report);
        }
        finally
        {
            foreach (var party in parties) await party.Target.DisposeAsync();
        }
    }

    private ConnectParty Party(ParseResult result, NodeTarget node, LoginMode mode, int count)
    {
        var level = result.GetValue(_level);
        var processes = result.GetValue(_processes) is > 0 and var asked ? asked : CrowdProcesses.Needed(count);
        var settings = new CrowdSettings([.. node.Endpoints.All.Select(endpoint => endpoint.Url)], result.GetValue(_target.Addresses), level, result.GetValue(_target.App), Room, "", count, result.GetValue(_target.Threads))
        {
            Key = mode.Key is null ? null : Convert.ToBase64String(mode.Key),
        };
        return new ConnectParty(node, mode.Key is null ? node.Name : $"{node.Name}-{mode.Name}", $"im level {level}", level == 2, OpenAsync);

        async Task<ICrowd> OpenAsync()
        {
            var mine = settings with { Run = RunName.New() };
            return processes > 1 ? await CrowdProcesses.StartAsync(processes, mine) : new LocalCrowd(new Crowd(node.Endpoints, mine.ToWire(), count, mine.Threads));
        }
    }

    private ConnectParty Party(ParseResult result, PeerTarget peer, int count)
    {
        var signalR = new SignalRWire();
        return new ConnectParty(peer, peer.Name, signalR.Name, true, () => Task.FromResult<ICrowd>(new LocalCrowd(new Crowd(peer.Endpoints, signalR, count, result.GetValue(_target.Threads)))));
    }

    /// <summary>An option of several values that is not given is empty.</summary>
    internal static int[] Steps(int count, int[]? given) => given is { Length: > 0 } ? given : (count < 18 ? [count] : [count / 9, count]);

    private void CheckSteps(CommandResult result)
    {
        if (!result.TryRead(_steps, out var steps) || steps is not { Length: > 0 } || !result.TryRead(_count, out var count)) return;
        if (steps[0] < 1 || steps.Zip(steps.Skip(1)).Any(pair => pair.First >= pair.Second))
            result.AddError(Say.It("--steps are positive and ascending, such as 2000,18000.", "--steps 必须为正且递增，例如 2000,18000。"));
        else if (result.GetResult(_count) is { Implicit: false } && steps[^1] != count)
            result.AddError(Say.It("The last of --steps is --count.", "--steps 的最后一个应等于 --count。"));
    }

    private static int[]? ParseSteps(ArgumentResult result) => ParseNumbers(result, "--steps");

    /// <summary>Numbers with commas between them.</summary>
    internal static int[]? ParseNumbers(ArgumentResult result, string name)
    {
        var numbers = new List<int>();
        foreach (var part in result.Tokens.SelectMany(token => token.Value.Split(',')))
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                result.AddError(Say.It($"{name}: '{part}' is not a number.", $"{name}：“{part}” 不是数字。"));
                return null;
            }
            numbers.Add(number);
        }
        return [.. numbers];
    }
}
