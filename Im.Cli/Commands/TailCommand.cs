using System.CommandLine;
using Im.Cli.Bench.Report;
using Im.Cli.Tail;
using Im.Cli.Text;
using Im.Client;

namespace Im.Cli.Commands;

/// <summary><c>im tail</c>: logs in as a user and prints what comes.</summary>
internal sealed class TailCommand
{
    private readonly Option<Uri> _url = new("--url") { DefaultValueFactory = _ => new Uri("ws://127.0.0.1:8089/acc"), CustomParser = result => TargetOptions.ParseUri(result)!, Description = Say.It("WebSocket address of the node", "节点的 WebSocket 地址") };
    private readonly Option<uint> _app = new("--app") { DefaultValueFactory = _ => 101, Description = Say.It("application id", "应用 ID") };
    private readonly Option<string?> _user = new("--user") { Description = Say.It("the guest to log in as", "以该访客身份登录") };
    private readonly Option<string?> _token = new("--token") { Description = Say.It("a token instead of a guest's name; or the variable IM_TOKEN", "用令牌代替访客名；或环境变量 IM_TOKEN") };
    private readonly Option<string[]> _rooms = new("--room") { AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [], Description = Say.It("rooms to enter, such as lobby", "要进入的房间，例如 lobby") };
    private readonly Option<string?> _state = new("--state") { Description = Say.It("file that keeps the cursors: the next run goes on where this one ended", "保存游标的文件：下次运行从此处继续") };
    private readonly Option<string?> _device = new("--device") { Description = Say.It("device id (default: a new one; with --state the file's name decides)", "设备 ID（默认：新建；使用 --state 时由文件名决定）") };
    private readonly Option<bool> _json = new("--json") { Description = Say.It("one JSON object per line", "每行一个 JSON 对象") };

    public Command Create()
    {
        var command = new Command("tail", Say.It("print what a user gets, as it comes, until Ctrl+C", "实时打印某个用户收到的内容，按 Ctrl+C 结束"))
        {
            _url, _app, _user, _token, _rooms, _state, _device, _json,
        };
        command.Validators.Add(result =>
        {
            if (result.TryRead(_user, out var user) && result.TryRead(_token, out var token) && user is null && token is null && Environment.GetEnvironmentVariable("IM_TOKEN") is null)
                result.AddError(Say.It("Give --user or --token.", "请给出 --user 或 --token。"));
        });
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult result, CancellationToken cancellation)
    {
        var token = result.GetValue(_token) ?? (result.GetValue(_user) is null ? Environment.GetEnvironmentVariable("IM_TOKEN") : null);
        var state = result.GetValue(_state);
        await using var store = state is null ? null : new JsonFileClientStore(state);
        var options = new ImChatClientOptions
        {
            Url = result.GetValue(_url)!,
            App = result.GetValue(_app),
            User = result.GetValue(_user),
            TokenProvider = token is null ? null : _ => ValueTask.FromResult(token),
            Device = result.GetValue(_device) ?? (state is null ? $"tail-{Guid.NewGuid():N}" : TailPrinter.DeviceOf(state)),
            Platform = "bot",
            Store = store,
        };
        var printer = new TailPrinter(result.InvocationConfiguration.Output, Console.Error, result.GetValue(_json));
        await using var client = new ImChatClient(options);
        client.StateChanged += printer.Print;
        client.Noticed += printer.Print;
        try
        {
            await client.StartAsync(cancellation);
            foreach (var room in result.GetValue(_rooms) ?? []) await client.JoinAsync(room.StartsWith("r:", StringComparison.Ordinal) ? room : "r:" + room, cancellation);
            await foreach (var record in client.ReadRecordsAsync(cancellation)) printer.Print(record);
            return Verdict.Failed;
        }
        catch (OperationCanceledException)
        {
            return Verdict.Valid;
        }
        catch (Exception refused) when (refused is ImRefusedException or ImStoppedException or TimeoutException)
        {
            await Console.Error.WriteLineAsync(refused.Message);
            return Verdict.Failed;
        }
    }
}
