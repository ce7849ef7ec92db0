using System.Globalization;
using Im.Cli.Bench;
using Im.Cli.Text;
using Im.Cli.Verify.Hosts;

namespace Im.Cli.Verify.Cluster;

/// <summary>What happens to the processes of nodes.</summary>
internal sealed class ProcessFaults(FaultScene scene)
{
    private const int AwaySeconds = 20;

    /// <summary>By the end of the first others own all that it had, and go on with it; by the end of the second they just begin to; by the end of the third they do not.</summary>
    private static readonly int[] FreezeSeconds = [35, 15, 5];

    /// <summary>By then what the frozen node had sent before has been heard.</summary>
    private static readonly TimeSpan HoldAfter = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(90);

    public Task<string> KillAsync(int turn, CancellationToken cancellation)
    {
        var others = scene.Others(scene.Oldest());
        return KillAsync(others[scene.Random.Next(others.Count)], turn, cancellation);
    }

    public Task<string> KillOldestAsync(int turn, CancellationToken cancellation) => KillAsync(scene.Oldest(), turn, cancellation);

    public async Task<string> RollAsync(CancellationToken cancellation)
    {
        foreach (var node in scene.Hosts.Nodes)
        {
            if (!await node.TerminateAsync(cancellation)) throw new BenchException(Say.It($"{node.Name} did not end within its time", $"{node.Name} 未能按时退出"));
            if (!await scene.Hosts.WaitUntilReadyAsync(ReadyLimit, cancellation)) throw new BenchException(Say.It($"{node.Name} did not come back", $"{node.Name} 未能恢复"));
        }
        return "all";
    }

    /// <summary>
    /// Every second sender of that node stays on its socket and goes on sending: its messages, sent nowhere else, are the first that the node finds when it wakes,
    /// while others own its conversations.
    /// </summary>
    public async Task<string> FreezeAsync(int turn, CancellationToken cancellation)
    {
        var node = scene.AnyNode();
        var seconds = FreezeSeconds[turn % FreezeSeconds.Length];
        var there = await scene.ConnectionsOf(node).DevicesOfAsync(scene.Population.Users, cancellation);
        scene.Hosts.Nodes[node].Freeze();
        await Task.Delay(HoldAfter, cancellation);
        foreach (var sender in EverySecond(scene.Population.Senders, sender => there.Contains(sender.Name))) await sender.HoldAsync();
        await Task.Delay(TimeSpan.FromSeconds(seconds) - HoldAfter, cancellation);
        scene.Hosts.Nodes[node].Thaw();
        return $"{scene.Name(node)} for {seconds} s";
    }

    /// <summary>As many files as it has open now, and a few; then all clients come anew.</summary>
    public async Task<string> StarveOfFilesAsync(CancellationToken cancellation)
    {
        var node = scene.AnyNode();
        var process = scene.Hosts.Nodes[node].ProcessId;
        var limit = Directory.GetFiles($"/proc/{process}/fd").Length + 4;
        await SetFilesAsync(process, limit.ToString(CultureInfo.InvariantCulture));
        foreach (var device in scene.Population.Devices) await device.BreakAsync();
        await Task.Delay(TimeSpan.FromSeconds(10), cancellation);
        await SetFilesAsync(process, "");
        return $"{scene.Name(node)} with {limit}";
    }

    public async Task<string> StarveOfCpuAsync(CancellationToken cancellation)
    {
        var node = scene.AnyNode();
        using var quota = CpuQuota.Put(scene.Hosts.Nodes[node].ProcessId, 0.2);
        await Task.Delay(TimeSpan.FromSeconds(30), cancellation);
        return $"{scene.Name(node)} with 20 % for 30 s";
    }

    public async Task<string> MixAsync(CancellationToken cancellation)
    {
        if (scene.OtherProgram is not { } other) throw new BenchException(Say.It("Name another build with --other-node-path.", "请用 --other-node-path 指定另一个版本。"));
        foreach (var program in new[] { other, null })
        {
            foreach (var node in scene.Hosts.Nodes)
            {
                node.Use(program);
                if (!await node.TerminateAsync(cancellation)) throw new BenchException(Say.It($"{node.Name} did not end within its time", $"{node.Name} 未能按时退出"));
                if (!await scene.Hosts.WaitUntilReadyAsync(ReadyLimit, cancellation)) throw new BenchException(Say.It($"{node.Name} did not come back", $"{node.Name} 未能恢复"));
            }
        }
        return "there and back";
    }

    /// <summary>Of those that are meant only; one when there is one.</summary>
    internal static IEnumerable<T> EverySecond<T>(IEnumerable<T> all, Func<T, bool> isMeant) => all.Where(isMeant).Where((_, index) => index % 2 == 0);

    private async Task<string> KillAsync(int node, int turn, CancellationToken cancellation)
    {
        var stays = turn % 2 == 1;
        scene.Hosts.Nodes[node].Kill(isHeld: stays);
        if (stays)
        {
            await Task.Delay(TimeSpan.FromSeconds(AwaySeconds), cancellation);
            scene.Hosts.Nodes[node].Release();
        }
        return stays ? $"{scene.Name(node)}, away for {AwaySeconds} s" : scene.Name(node);
    }

    /// <param name="soft">Empty: as many as the hard limit says.</param>
    private static async Task SetFilesAsync(int process, string soft)
    {
        var hard = (await File.ReadAllLinesAsync($"/proc/{process}/limits")).First(line => line.StartsWith("Max open files", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[4];
        await HostCommand.RunAsync("prlimit", "--pid", process.ToString(CultureInfo.InvariantCulture), $"--nofile={(soft.Length == 0 ? hard : soft)}:{hard}");
    }
}
