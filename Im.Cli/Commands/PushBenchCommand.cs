using System.CommandLine;
using Im.Cli.Bench;
using Im.Cli.Bench.Push;
using Im.Cli.Bench.Report.Results;
using Im.Cli.Bench.Wire;
using Im.Cli.Text;

namespace Im.Cli.Commands;

/// <summary><c>im bench push</c>: a back end's pushes to users who are online.</summary>
internal sealed class PushBenchCommand
{
    private readonly TargetOptions _target = new();
    private readonly ResultOptions _result = new(MetricNames.ForPush);
    private readonly Option<string> _call = new("--call") { DefaultValueFactory = _ => "both", Description = Say.It("unary (PushToUser), stream (PushStream) or both", "unary（PushToUser）、stream（PushStream）或 both") };
    private readonly Option<int> _users = TargetOptions.Bounded("--users", 1000, 1, 50_000, Say.It("users online", "在线用户数"));
    private readonly Option<int> _size = TargetOptions.Bounded("--size", 200, Marker.Length, 16 * 1024, Say.It("bytes of the text", "文本字节数"));
    private readonly Option<int> _streams = TargetOptions.Bounded("--streams", 4, 1, 64, Say.It("push streams side by side", "并行的推送流数"));
    private readonly Option<int> _inFlight = TargetOptions.Bounded("--in-flight", 256, 1, 65_536, Say.It("pushes without an answer, all together", "未应答的推送总数"));
    private readonly Option<bool> _stored = new("--stored") { Description = Say.It("store them in the inboxes (default: only to who is online)", "存入收件箱（默认：只发给在线者）") };
    private readonly Option<int> _warmUp = TargetOptions.Bounded("--warm-up", 5, 0, 600, Say.It("seconds before", "预热秒数"));
    private readonly Option<int> _seconds = TargetOptions.Bounded("--seconds", 10, 1, 3600, Say.It("seconds of each pass", "每轮测量秒数"));
    private readonly Option<int[]?> _rates = new("--rate") { AllowMultipleArgumentsPerToken = true, Description = Say.It("pushes a second of the paced passes, such as 10000,20000 (default: half of what the first pass reached)", "限速各轮的每秒推送数，如 10000,20000（默认：首轮结果的一半）"), CustomParser = result => ConnectCommand.ParseNumbers(result, "--rate") };

    public Command Create()
    {
        _call.AcceptOnlyFromAmong("unary", "stream", "both");
        var command = new Command("push", Say.It("gRPC pushes to users who are online: written per second, latency until answered and until delivered", "向在线用户的 gRPC 推送：每秒写入数、应答与送达延迟"))
        {
            _call, _users, _size, _streams, _inFlight, _stored, _warmUp, _seconds, _rates,
        };
        _target.AddTo(command, pushes: true);
        _result.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.TryRead(_rates, out var rates) && rates is not null && rates.Any(rate => rate is < 1 or > 10_000_000)) result.AddError(Say.It("--rate is 1 to 10,000,000 each.", "--rate 各值的范围是 1 到 10,000,000。"));
            if (!result.TryRead(_streams, out var streams)) return;
            if (result.TryRead(_users, out var users) && streams > users) result.AddError(Say.It("--streams is at most --users: a user's pushes go over one stream.", "--streams 不能超过 --users：同一用户的推送走同一条流。"));
            if (result.TryRead(_inFlight, out var inFlight) && (streams > inFlight || inFlight > streams * 1024))
                result.AddError(Say.It("--in-flight is at least --streams and at most 1,024 for each of them.", "--in-flight 不少于 --streams，且每条流最多 1,024。"));
        });
        command.SetAction((result, cancellation) => BenchRun.GuardAsync(() => RunAsync(result, cancellation)));
        return command;
    }

    private async Task<int> RunAsync(ParseResult result, CancellationToken cancellation)
    {
        var plan = new PushPlan(
            result.GetValue(_call) switch { "unary" => [PushCall.Unary], "stream" => [PushCall.Stream], _ => [PushCall.Stream, PushCall.Unary] },
            result.GetValue(_users),
            result.GetValue(_size),
            result.GetValue(_streams),
            result.GetValue(_inFlight),
            result.GetValue(_stored),
            result.GetValue(_rates) ?? [],
            TimeSpan.FromSeconds(result.GetValue(_warmUp)),
            TimeSpan.FromSeconds(result.GetValue(_seconds)));
        Bench.Engine.FileLimit.Require(plan.Users);
        var console = _result.Console(result);
        await using var node = await _target.OpenAsync(result, cancellation);
        var report = await new PushScenario(console, new LoadShape(result.GetValue(_target.Threads), 256, 0), plan).RunAsync(node, result.GetValue(_target.App), RunName.New(), cancellation);
        PushPrinter.Print(console, report);
        return _result.Finish(result, console, report);
    }
}
