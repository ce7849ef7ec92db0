using System.CommandLine;
using Google.Protobuf;
using Im.Cli.Bench.Report;
using Im.Cli.Text;
using Im.Client.Push;
using Im.Protocol.Ingress.V1;

namespace Im.Cli.Commands;

/// <summary><c>im push</c>: one message from the shell to a user or a conversation.</summary>
internal sealed class PushCommand
{
    private readonly ServerOptions _server = new();
    private readonly Argument<string> _text = new("text") { Description = Say.It("the text", "文本") };
    private readonly Option<string?> _user = new("--user") { Description = Say.It("to this user's devices", "发给该用户的设备") };
    private readonly Option<string?> _conversation = new("--conv") { Description = Say.It("to this conversation, such as r:lobby", "发到该会话，例如 r:lobby") };
    private readonly Option<string?> _from = new("--from") { Description = Say.It("who it is shown from (default: system)", "显示的发送者（默认：system）") };
    private readonly Option<string?> _type = new("--type") { Description = Say.It("text, image, audio, video, file, location, card or custom", "text、image、audio、video、file、location、card 或 custom") };
    private readonly Option<string?> _key = new("--key") { Description = Say.It("idempotency key: the same key again is not sent twice", "幂等键：相同的键不会重复发送") };
    private readonly Option<bool> _ephemeral = new("--ephemeral") { Description = Say.It("only to who is connected; nothing is kept", "只发给在线者；不保存") };
    private readonly Option<string?> _wait = new("--wait") { Description = Say.It("answer after: stored, written or acked (users only)", "何时应答：stored、written 或 acked（仅用于用户）") };
    private readonly Option<int> _timeout = TargetOptions.Bounded("--timeout", 5000, 1, 30_000, Say.It("milliseconds to wait for that", "为此等待的毫秒数"));
    private readonly Option<bool> _json = new("--json") { Description = Say.It("print the answer as JSON", "以 JSON 输出应答") };

    public Command Create()
    {
        _wait.AcceptOnlyFromAmong("stored", "written", "acked");
        var command = new Command("push", Say.It("push a message to a user or a conversation and print what was observed", "向用户或会话推送消息，并打印观察到的结果"))
        {
            _text, _user, _conversation, _from, _type, _key, _ephemeral, _wait, _timeout, _json,
        };
        _server.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.TryRead(_user, out var user) && result.TryRead(_conversation, out var conversation) && (user is null) == (conversation is null))
                result.AddError(Say.It("Give either --user or --conv.", "请给出 --user 或 --conv 之一。"));
        });
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult result, CancellationToken cancellation)
    {
        using var client = new ImPushClient(new ImPushClientOptions { Address = result.GetValue(_server.Api), ApiKey = _server.KeyOf(result) });
        try
        {
            if (result.GetValue(_user) is not null) await ToUserAsync(client, result, cancellation);
            else await ToConversationAsync(client, result, cancellation);
            return Verdict.Valid;
        }
        catch (ImPushException refused)
        {
            await Console.Error.WriteLineAsync(refused.Message);
            return Verdict.Failed;
        }
    }

    private async Task ToUserAsync(ImPushClient client, ParseResult result, CancellationToken cancellation)
    {
        var request = new PushToUserRequest
        {
            App = result.GetValue(_server.App),
            User = result.GetValue(_user)!,
            Msg = result.GetValue(_text)!,
            From = result.GetValue(_from) ?? "",
            Type = result.GetValue(_type) ?? "",
            IdempotencyKey = result.GetValue(_key) ?? "",
            WaitFor = WaitForOf(result.GetValue(_wait)),
            TimeoutMs = result.GetValue(_timeout),
        };
        if (result.GetValue(_ephemeral)) request.Persist = false;
        var answer = await client.PushToUserAsync(request, cancellation);
        if (result.GetValue(_json))
        {
            Print(result, answer);
            return;
        }
        var output = result.InvocationConfiguration.Output;
        await output.WriteLineAsync($"{answer.Conv} {answer.Mid} {State(answer.User.State)}{(answer.Dup ? " dup" : "")}");
        foreach (var device in answer.User.Devices) await output.WriteLineAsync($"  {device.Platform} {device.Device} {State(device.State)} {device.Ms} ms {device.Why}".TrimEnd());
    }

    private async Task ToConversationAsync(ImPushClient client, ParseResult result, CancellationToken cancellation)
    {
        var request = new PushToConversationRequest
        {
            App = result.GetValue(_server.App),
            Conv = result.GetValue(_conversation)!,
            Msg = result.GetValue(_text)!,
            From = result.GetValue(_from) ?? "",
            Type = result.GetValue(_type) ?? "",
            IdempotencyKey = result.GetValue(_key) ?? "",
            TimeoutMs = result.GetValue(_timeout),
        };
        if (result.GetValue(_ephemeral)) request.Persist = false;
        var answer = await client.PushToConversationAsync(request, cancellation);
        if (result.GetValue(_json)) Print(result, answer);
        else await result.InvocationConfiguration.Output.WriteLineAsync($"{answer.Conv} {answer.Mid}{(answer.Dup ? " dup" : "")} {answer.Nodes.Sum(node => node.Members)} {Say.It("connections", "个连接")}{(answer.Partial ? Say.It(", partial", "（不完整）") : "")}");
    }

    private static void Print(ParseResult result, IMessage answer) =>
        result.InvocationConfiguration.Output.WriteLine(new JsonFormatter(JsonFormatter.Settings.Default.WithFormatDefaultValues(true)).Format(answer));

    private static string State(UserDelivery.Types.State state) => state.ToString().ToUpperInvariant();

    private static WaitFor WaitForOf(string? name) => name switch
    {
        "stored" => WaitFor.Stored,
        "written" => WaitFor.Written,
        "acked" => WaitFor.Acked,
        _ => WaitFor.Unspecified,
    };
}
