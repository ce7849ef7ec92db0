using System.CommandLine;
using Google.Protobuf;
using Im.Cli.Bench.Report;
using Im.Cli.Nodes;
using Im.Cli.Text;
using Im.Protocol.Ingress.V1;
using Spectre.Console;

namespace Im.Cli.Commands;

/// <summary><c>im nodes</c>: the members of the cluster, once or as they change.</summary>
internal sealed class NodesCommand
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly AdminOptions _admin = new();
    private readonly Option<bool> _watch = new("--watch") { Description = Say.It("go on until Ctrl+C; drains with a bar", "持续显示，直到按 Ctrl+C；平滑停止显示进度条") };
    private readonly Option<bool> _json = new("--json") { Description = Say.It("print the answer as JSON; with --watch one a line", "以 JSON 输出；与 --watch 同用时每行一个") };

    public Command Create()
    {
        var command = new Command("nodes", Say.It("the nodes of the cluster: members, readiness, connections, shards", "集群的节点：成员状态、就绪、连接数、分片")) { _watch, _json };
        _admin.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult result, CancellationToken cancellation)
    {
        using var client = _admin.Open(result);
        try
        {
            if (!result.GetValue(_watch)) Print(result, await client.GetClusterAsync(cancellation));
            else if (result.GetValue(_json) || Console.IsOutputRedirected) await FollowAsync(result, client, cancellation);
            else await ShowAsync(client, cancellation);
            return Verdict.Valid;
        }
        catch (AdminException refused)
        {
            await result.InvocationConfiguration.Error.WriteLineAsync(refused.Message);
            return Verdict.Failed;
        }
        catch (OperationCanceledException)
        {
            return Verdict.Valid;
        }
    }

    private async Task FollowAsync(ParseResult result, AdminClient client, CancellationToken cancellation)
    {
        while (true)
        {
            Print(result, await client.GetClusterAsync(cancellation));
            await Task.Delay(Interval, cancellation);
        }
    }

    private void Print(ParseResult result, GetClusterResponse cluster)
    {
        var output = result.InvocationConfiguration.Output;
        if (result.GetValue(_json)) output.WriteLine(new JsonFormatter(JsonFormatter.Settings.Default.WithFormatDefaultValues(true)).Format(cluster));
        else foreach (var line in NodeTable.Lines(cluster)) output.WriteLine(line);
    }

    /// <summary>One table that changes in its place; a node that does not answer just now is waited for.</summary>
    private static Task ShowAsync(AdminClient client, CancellationToken cancellation) => AnsiConsole.Live(new Spectre.Console.Text("")).StartAsync(async live =>
    {
        while (true)
        {
            live.UpdateTarget(new Spectre.Console.Text(await TextAsync(client, cancellation)));
            await Task.Delay(Interval, cancellation);
        }
    });

    private static async Task<string> TextAsync(AdminClient client, CancellationToken cancellation)
    {
        try
        {
            return string.Join('\n', NodeTable.Lines(await client.GetClusterAsync(cancellation)));
        }
        catch (AdminException away) when (!away.IsAnswered)
        {
            return away.Message;
        }
    }
}
