using System.CommandLine;
using System.Diagnostics;
using Im.Cli.Bench.Report;
using Im.Cli.Nodes;
using Im.Cli.Text;

namespace Im.Cli.Commands;

/// <summary><c>im drain</c>: takes a node out and shows how it goes.</summary>
internal sealed class DrainCommand
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(300);

    private readonly AdminOptions _admin = new();
    private readonly Argument<string> _node = new("node") { Description = Say.It("its name or host:port as im nodes shows them, or self for the node that is asked", "im nodes 显示的名称或 host:port；self 表示被询问的节点") };
    private readonly Option<bool> _restart = new("--restart") { Description = Say.It("to be started again by its supervisor; waits until it is ready", "由守护程序重新启动；等待其就绪") };
    private readonly Option<bool> _noWait = new("--no-wait") { Description = Say.It("return as soon as it has begun", "开始后立即返回") };
    private readonly Option<int> _limit = TargetOptions.Bounded("--wait", 120, 1, 3600, Say.It("seconds to wait at most", "最长等待秒数"));

    public Command Create()
    {
        var command = new Command("drain", Say.It("take a node out: its clients move to the others, then it leaves and ends", "平滑停止一个节点：客户端移到其他节点，随后离开集群并退出")) { _node, _restart, _noWait, _limit };
        _admin.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult result, CancellationToken cancellation)
    {
        using var client = _admin.Open(result);
        var (output, error) = (result.InvocationConfiguration.Output, result.InvocationConfiguration.Error);
        try
        {
            var before = await client.GetClusterAsync(cancellation);
            var answer = await client.DrainAsync(result.GetValue(_node)!, result.GetValue(_restart), cancellation);
            await output.WriteLineAsync(answer.UnderWay
                ? Say.It($"{answer.Node} {answer.Address} drained already, and goes on as it was told first.", $"{answer.Node} {answer.Address} 已在平滑停止，按最初的指令继续。")
                : Say.It($"{answer.Node} {answer.Address} drains.", $"{answer.Node} {answer.Address} 开始平滑停止。"));
            var node = before.Nodes.FirstOrDefault(member => member.Address == answer.Address);
            if (result.GetValue(_noWait) || node is null) return Verdict.Valid;
            var follower = new DrainFollower(client, node) { IsAsked = before.Asked == answer.Address };
            var goal = result.GetValue(_restart) ? DrainPhase.Back : follower.IsAsked ? DrainPhase.Leaving : DrainPhase.Gone;
            return await FollowAsync(result, follower, goal, node.Connections, cancellation);
        }
        catch (AdminException refused)
        {
            await error.WriteLineAsync(refused.Message);
            return Verdict.Failed;
        }
        catch (OperationCanceledException)
        {
            await error.WriteLineAsync(Say.It("No longer watched; the node drains on.", "不再等待；节点继续平滑停止。"));
            return Verdict.Failed;
        }
    }

    private async Task<int> FollowAsync(ParseResult result, DrainFollower follower, DrainPhase goal, long total, CancellationToken cancellation)
    {
        var limit = TimeSpan.FromSeconds(result.GetValue(_limit));
        var started = Stopwatch.GetTimestamp();
        var step = new DrainStep(DrainPhase.Clients, total, total);
        step = await BenchConsole.ForProcess(json: false).ShowAsync(Say.It("clients move to other nodes", "客户端正在移到其他节点"), (int)Math.Max(1, total), async progress =>
        {
            while (step.Phase == DrainPhase.Clients && Stopwatch.GetElapsedTime(started) < limit)
            {
                step = await follower.LookAsync(cancellation);
                progress.Report((int)(total - Math.Min(step.Left, total)));
                await Task.Delay(Interval, cancellation);
            }

            return step;
        });
        var told = DrainPhase.Clients;
        while (Tell(result, ref told, step) < goal)
        {
            if (Stopwatch.GetElapsedTime(started) > limit)
            {
                await result.InvocationConfiguration.Error.WriteLineAsync(Say.It($"Not done within {limit.TotalSeconds} s.", $"{limit.TotalSeconds} 秒内未完成。"));
                return Verdict.Failed;
            }

            await Task.Delay(Interval, cancellation);
            step = await follower.LookAsync(cancellation);
        }

        return Verdict.Valid;
    }

    /// <summary>A line for each phase that it has come to.</summary>
    private static DrainPhase Tell(ParseResult result, ref DrainPhase told, DrainStep step)
    {
        if (step.Phase > told) result.InvocationConfiguration.Output.WriteLine(step.Phase switch
        {
            DrainPhase.Leaving => Say.It("Its clients have gone; it hands its shards over and leaves.", "客户端已全部离开；正在移交分片并离开集群。"),
            DrainPhase.Gone => Say.It("It has left the cluster.", "已离开集群。"),
            _ => Say.It("It is back and ready.", "已重新就绪。"),
        });
        told = step.Phase > told ? step.Phase : told;
        return step.Phase;
    }
}
