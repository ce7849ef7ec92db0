using System.CommandLine;
using Im.Cli.Bench;
using Im.Cli.Bench.Report.Results;
using Im.Cli.Bench.Send;
using Im.Cli.Bench.Wire;
using Im.Cli.Text;

namespace Im.Cli.Commands;

/// <summary><c>im bench send</c>: durable messages acknowledged a second.</summary>
internal sealed class SendCommand
{
    private readonly TargetOptions _target = new();
    private readonly ResultOptions _result = new(MetricNames.ForSend);
    private readonly Option<int> _senders = TargetOptions.Bounded("--senders", 64, 2, 10_000, Say.It("connections that send", "发送连接数"));
    private readonly Option<int> _unanswered = TargetOptions.Bounded("--unanswered", 64, 1, 64, Say.It("messages without an answer on each", "每个连接上未应答的消息数"));
    private readonly Option<int> _size = TargetOptions.Bounded("--size", 100, Marker.Length, 16 * 1024, Say.It("bytes of the text", "文本字节数"));
    private readonly Option<int> _roomSize = TargetOptions.Bounded("--room-size", 2, 1, 10_000, Say.It("senders that share a room", "共用一个房间的发送者数"));
    private readonly Option<int> _pairs = TargetOptions.Bounded("--pairs", 50, 0, 100, Say.It("percent of the messages that go one to one", "单聊消息所占百分比"));
    private readonly Option<int> _warmUp = TargetOptions.Bounded("--warm-up", 10, 0, 600, Say.It("seconds before", "预热秒数"));
    private readonly Option<int> _seconds = TargetOptions.Bounded("--seconds", 10, 1, 3600, Say.It("seconds of each pass", "每轮测量秒数"));
    private readonly Option<int[]?> _rates = new("--rate") { AllowMultipleArgumentsPerToken = true, Description = Say.It("messages a second of the paced passes, such as 10000,20000 (default: half of what the first pass reached)", "限速各轮的每秒消息数，如 10000,20000（默认：首轮结果的一半）"), CustomParser = result => ConnectCommand.ParseNumbers(result, "--rate") };
    private readonly Option<string?> _data = new("--data-directory") { Description = Say.It("data directory of a running node on this machine, for the disk's sync rate", "本机上运行中节点的数据目录，用于测量磁盘同步速率") };

    public Command Create()
    {
        var command = new Command("send", Say.It("durable messages: acknowledged per second, latency, and the disk's sync rate beside them", "持久消息：每秒确认数、延迟，并列出磁盘同步速率"))
        {
            _senders, _unanswered, _size, _roomSize, _pairs, _warmUp, _seconds, _rates, _data,
        };
        _target.AddTo(command);
        _result.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.TryRead(_rates, out var rates) && rates is not null && rates.Any(rate => rate is < 1 or > 10_000_000)) result.AddError(Say.It("--rate is 1 to 10,000,000 each.", "--rate 各值的范围是 1 到 10,000,000。"));
            if (result.TryRead(_senders, out var senders) && senders % 2 != 0) result.AddError(Say.It("--senders is even: they write to each other.", "--senders 必须为偶数：发送者两两互发。"));
            if (result.TryRead(_data, out var data) && data is not null && !Directory.Exists(data)) result.AddError(Say.It($"{data}: no such directory.", $"{data}：目录不存在。"));
        });
        command.SetAction((result, cancellation) => BenchRun.GuardAsync(() => RunAsync(result, cancellation)));
        return command;
    }

    private async Task<int> RunAsync(ParseResult result, CancellationToken cancellation)
    {
        var plan = new SendPlan(
            result.GetValue(_senders),
            result.GetValue(_unanswered),
            result.GetValue(_size),
            result.GetValue(_roomSize),
            result.GetValue(_pairs),
            result.GetValue(_rates) ?? [],
            TimeSpan.FromSeconds(result.GetValue(_warmUp)),
            TimeSpan.FromSeconds(result.GetValue(_seconds)));
        Bench.Engine.FileLimit.Require(plan.Senders);
        var console = _result.Console(result);
        await using var node = await _target.OpenAsync(result, cancellation);
        var wire = new DurableWire(result.GetValue(_target.App), RunName.New(), plan.Senders, plan.RoomSize, plan.PairPercent);
        var report = await new SendScenario(console, new LoadShape(result.GetValue(_target.Threads), 256, 0), plan).RunAsync(node, wire, result.GetValue(_data) ?? node.DataDirectory, cancellation);
        SendPrinter.Print(console, report);
        return _result.Finish(result, console, report);
    }
}
