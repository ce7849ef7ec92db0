using System.CommandLine;
using System.CommandLine.Parsing;
using Im.Cli.Bench.Engine;
using Im.Cli.Bench.Targets;
using Im.Cli.Text;

namespace Im.Cli.Commands;

/// <summary>Which node is measured, and with how large a load client; shared by all of <c>im bench</c>.</summary>
internal sealed class TargetOptions
{
    public Option<Uri?> Url { get; } = new("--url") { Description = Say.It("WebSocket address of a running node (default: start one)", "正在运行的节点的 WebSocket 地址（默认：启动一个）"), CustomParser = ParseUri };

    public Option<Uri?> Api { get; } = new("--api") { Description = Say.It("HTTP address of that node", "该节点的 HTTP 地址"), CustomParser = ParseUri };

    public Option<string?> ApiKey { get; } = new("--api-key") { Description = Say.It("API key of that node (data/secrets.json); or the variable IM_API_KEY", "该节点的 API 密钥（data/secrets.json）；或环境变量 IM_API_KEY") };

    public Option<int?> ServerPid { get; } = new("--server-pid") { Description = Say.It("process id of that node, for its memory and processor time", "该节点的进程号，用于读取内存与处理器时间") };

    public Option<string?> NodePath { get; } = new("--node-path") { Description = Say.It("dll or executable of the node to start (default: the source tree's, Release)", "要启动的节点程序（默认：源码树中的 Release 版本）") };

    public Option<uint> App { get; } = new("--app") { DefaultValueFactory = _ => 101, Description = Say.It("application id", "应用 ID") };

    public Option<int> Addresses { get; } = Bounded("--addresses", 16, 1, 254, Say.It("loopback source addresses, ~28,000 ports each", "本机源地址个数，每个约 28,000 个端口"));

    public Option<int> Threads { get; } = Bounded("--threads", 1, 1, 16, Say.It("threads of the load client", "压测客户端线程数"));

    public Option<bool> Json { get; } = new("--json") { Description = Say.It("print the result as JSON", "以 JSON 输出结果") };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { Url, Api, ApiKey, ServerPid, NodePath, App, Addresses, Threads, Json }) command.Options.Add(option);
        command.Validators.Add(Check);
    }

    public Task<NodeTarget> OpenAsync(ParseResult result, CancellationToken cancellation)
    {
        var addresses = result.GetValue(Addresses);
        if (result.GetValue(Url) is not { } url) return StartAsync(result, addresses, cancellation);
        var key = result.GetValue(ApiKey) ?? Environment.GetEnvironmentVariable("IM_API_KEY");
        return Task.FromResult(NodeTarget.Running(Endpoint.Resolve(url, addresses), result.GetValue(Api)!, key, result.GetValue(ServerPid)));
    }

    /// <summary>An integer option that is refused outside its bounds.</summary>
    public static Option<int> Bounded(string name, int value, int min, int max, string description)
    {
        var option = new Option<int>(name) { DefaultValueFactory = _ => value, Description = description };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out var given) && (given < min || given > max))
                result.AddError(Say.It($"{name} is {min} to {max}.", $"{name} 的范围是 {min} 到 {max}。"));
        });
        return option;
    }

    private async Task<NodeTarget> StartAsync(ParseResult result, int addresses, CancellationToken cancellation) =>
        await NodeTarget.StartAsync(await NodeLocator.FindAsync(result.GetValue(NodePath), cancellation), addresses, cancellation);

    private void Check(CommandResult result)
    {
        if (!result.TryRead(Url, out var url) || !result.TryRead(Api, out var api) || !result.TryRead(ServerPid, out var pid)) return;
        if (url is not null && api is null)
            result.AddError(Say.It("--url needs --api, the HTTP address of the same node.", "--url 需要同时给出 --api（同一节点的 HTTP 地址）。"));
        if (url is null && (api is not null || pid is not null))
            result.AddError(Say.It("--api and --server-pid are of a running node: give its --url too.", "--api 与 --server-pid 针对正在运行的节点：请同时给出 --url。"));
    }

    internal static Uri? ParseUri(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Host.Length > 0) return uri;
        result.AddError(Say.It($"'{text}' is not an address such as ws://127.0.0.1:8089/acc.", $"“{text}” 不是地址，例如 ws://127.0.0.1:8089/acc。"));
        return null;
    }
}
