using System.CommandLine;
using System.CommandLine.Parsing;
using Im.Cli.Bench.Engine;
using Im.Cli.Bench.Measure;
using Im.Cli.Bench.Targets;
using Im.Cli.Text;

namespace Im.Cli.Commands;

/// <summary>Which node is measured, and with how large a load client; shared by all of <c>im bench</c>.</summary>
internal sealed class TargetOptions
{
    private bool _hasSeveralCounts;

    /// <summary>Nodes that are started when nothing is said; 0: one that is no cluster.</summary>
    public int DefaultNodesCount { get; init; }

    public const int MaxNodesCount = 9;

    public Option<Uri[]?> Url { get; } = new("--url") { Description = Say.It("WebSocket address of a running node, or several with commas between them (default: start one)", "正在运行的节点的 WebSocket 地址，多个以逗号分隔（默认：启动一个）"), CustomParser = ParseUris };

    public Option<Uri[]?> Api { get; } = new("--api") { Description = Say.It("HTTP address of that node, or of each", "该节点（或各节点）的 HTTP 地址"), CustomParser = ParseUris };

    /// <summary>Of the scenarios that push over gRPC.</summary>
    public Option<Uri?> Grpc { get; } = new("--grpc") { Description = Say.It("gRPC address of that node", "该节点的 gRPC 地址"), CustomParser = ParseUri };

    public Option<string?> ApiKey { get; } = new("--api-key") { Description = Say.It("API key of that node (data/secrets.json); or the variable IM_API_KEY", "该节点的 API 密钥（data/secrets.json）；或环境变量 IM_API_KEY") };

    public Option<int[]?> ServerPid { get; } = new("--server-pid") { Description = Say.It("process id of that node, or of each, for memory and processor time", "该节点（或各节点）的进程号，用于读取内存与处理器时间"), CustomParser = result => ConnectCommand.ParseNumbers(result, "--server-pid") };

    public Option<string?> NodePath { get; } = new("--node-path") { Description = Say.It("dll or executable of the node to start (default: the source tree's, Release)", "要启动的节点程序（默认：源码树中的 Release 版本）") };

    /// <summary>Of the scenarios that several nodes are for.</summary>
    public Option<int[]?> Nodes { get; } = new("--nodes") { Description = Say.It("start a cluster of so many nodes, with a PostgreSQL of its own", "启动由这么多节点组成的集群，使用自带的 PostgreSQL"), CustomParser = result => ConnectCommand.ParseNumbers(result, "--nodes") };

    public Option<bool> Apart { get; } = new("--apart") { Description = Say.It("with --nodes: no cluster, each node by itself", "与 --nodes 同用：不组成集群，各节点独立") };

    public Option<uint> App { get; } = new("--app") { DefaultValueFactory = _ => 101, Description = Say.It("application id", "应用 ID") };

    public Option<int> Addresses { get; } = Bounded("--addresses", 16, 1, 254, Say.It("loopback source addresses, ~28,000 ports each", "本机源地址个数，每个约 28,000 个端口"));

    public Option<int> Threads { get; } = Bounded("--threads", 1, 1, 16, Say.It("threads of the load client", "压测客户端线程数"));

    /// <param name="pushes">The scenario pushes over gRPC.</param>
    /// <param name="nodes">Several nodes are for it: <c>--nodes</c>.</param>
    /// <param name="apart">Also without being a cluster: <c>--apart</c>.</param>
    /// <param name="several">Several clusters take turns.</param>
    public void AddTo(Command command, bool pushes = false, bool nodes = false, bool apart = false, bool several = false)
    {
        _hasSeveralCounts = several;
        if (nodes)
        {
            command.Options.Add(Nodes);
            command.Validators.Add(CheckNodes);
        }

        if (apart)
        {
            command.Options.Add(Apart);
            command.Validators.Add(CheckApart);
        }

        if (pushes)
        {
            command.Options.Add(Grpc);
            command.Validators.Add(CheckGrpc);
        }

        foreach (var option in new Option[] { Url, Api, ApiKey, ServerPid, NodePath, App, Addresses, Threads }) command.Options.Add(option);
        command.Validators.Add(Check);
    }

    /// <param name="settings">Of a node that is started for the run.</param>
    public Task<NodeTarget> OpenAsync(ParseResult result, CancellationToken cancellation, params IReadOnlyList<(string Name, string Value)> settings)
    {
        var addresses = result.GetValue(Addresses);
        if (result.GetValue(Url) is not { Length: > 0 } urls) return StartAsync(result, addresses, result.GetValue(Nodes) is { Length: > 0 } nodes ? nodes[0] : DefaultNodesCount, settings, cancellation);
        var key = result.GetValue(ApiKey) ?? Environment.GetEnvironmentVariable("IM_API_KEY");
        var processes = new ServerProcesses(result.GetValue(ServerPid) ?? []);
        return Task.FromResult(NodeTarget.Running(EndpointSet.Resolve(urls, addresses), result.GetValue(Api)!, result.GetValue(Grpc), key, processes));
    }

    /// <summary>The same for a scenario that several clusters take turns in: one target for each number of <c>--nodes</c>.</summary>
    /// <param name="settings">Of nodes that are started for the run.</param>
    public async Task<IReadOnlyList<NodeTarget>> OpenAllAsync(ParseResult result, CancellationToken cancellation, params IReadOnlyList<(string Name, string Value)> settings)
    {
        if (result.GetValue(Nodes) is not { Length: > 1 } counts) return [await OpenAsync(result, cancellation, settings)];
        var targets = new List<NodeTarget>();
        try
        {
            foreach (var count in counts) targets.Add(await StartAsync(result, result.GetValue(Addresses), count, settings, cancellation));
            return targets;
        }
        catch
        {
            foreach (var target in targets) await target.DisposeAsync();
            throw;
        }
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

    /// <param name="nodes">0: one that is no cluster, on a store of its own.</param>
    private async Task<NodeTarget> StartAsync(ParseResult result, int addresses, int nodes, IReadOnlyList<(string Name, string Value)> settings, CancellationToken cancellation)
    {
        var program = await NodeLocator.FindAsync(result.GetValue(NodePath), cancellation);
        if (nodes == 0) return await NodeStart.OneAsync(program, addresses, cancellation, settings);
        return result.GetValue(Apart)
            ? await NodeStart.ApartAsync(program, nodes, addresses, cancellation, settings)
            : await NodeStart.ClusterAsync(program, nodes, addresses, cancellation, settings);
    }

    private void Check(CommandResult result)
    {
        if (!result.TryRead(Url, out var url) || !result.TryRead(Api, out var api) || !result.TryRead(ServerPid, out var pid)) return;
        if (url is { Length: > 0 } && api is not { Length: > 0 })
            result.AddError(Say.It("--url needs --api, the HTTP address of the same node.", "--url 需要同时给出 --api（同一节点的 HTTP 地址）。"));
        if (url is not { Length: > 0 } && (api is { Length: > 0 } || pid is { Length: > 0 }))
            result.AddError(Say.It("--api and --server-pid are of a running node: give its --url too.", "--api 与 --server-pid 针对正在运行的节点：请同时给出 --url。"));
    }

    private void CheckGrpc(CommandResult result)
    {
        if (!result.TryRead(Url, out var url) || !result.TryRead(Grpc, out var grpc)) return;
        if (url is { Length: > 0 } != grpc is not null) result.AddError(Say.It("--url and --grpc are given together.", "--url 与 --grpc 需要同时给出。"));
    }

    private void CheckNodes(CommandResult result)
    {
        if (!result.TryRead(Nodes, out var nodes) || nodes is not { Length: > 0 } || !result.TryRead(Url, out var url)) return;
        if (url is { Length: > 0 }) result.AddError(Say.It("--nodes starts nodes of its own: leave out --url.", "--nodes 会启动自己的节点：请去掉 --url。"));
        if (nodes.Any(count => count is < 1 or > MaxNodesCount)) result.AddError(Say.It($"--nodes is 1 to {MaxNodesCount}.", $"--nodes 的范围是 1 到 {MaxNodesCount}。"));
        if (!_hasSeveralCounts && nodes.Length > 1) result.AddError(Say.It("--nodes is one number here.", "此处 --nodes 只能是一个数。"));
    }

    private void CheckApart(CommandResult result)
    {
        if (result.TryRead(Apart, out var isApart) && isApart && result.TryRead(Nodes, out var nodes) && nodes is not { Length: > 0 })
            result.AddError(Say.It("--apart is of --nodes: say how many.", "--apart 与 --nodes 同用：请给出节点数。"));
    }

    private static Uri[]? ParseUris(ArgumentResult result)
    {
        var uris = new List<Uri>();
        foreach (var text in result.Tokens.SelectMany(token => token.Value.Split(',')))
        {
            if (ParseUri(result, text) is not { } uri) return null;
            uris.Add(uri);
        }

        return [.. uris];
    }

    internal static Uri? ParseUri(ArgumentResult result) => ParseUri(result, result.Tokens[0].Value);

    private static Uri? ParseUri(ArgumentResult result, string text)
    {
        if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Host.Length > 0) return uri;
        result.AddError(Say.It($"'{text}' is not an address such as ws://127.0.0.1:8089/acc.", $"“{text}” 不是地址，例如 ws://127.0.0.1:8089/acc。"));
        return null;
    }
}
