using System.Globalization;
using Im.Cli.Bench;
using Im.Cli.Text;
using Im.Cli.Verify.Hosts;

namespace Im.Cli.Verify.Cluster;

/// <summary>What happens to the processes of nodes.</summary>
internal sealed class ProcessFaults(FaultScene scene)
{
    private const int AwaySeconds = 20;
    private static readonly int[] FreezeSeconds = [5, 15, 35];
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(90);

    public async Task<string> KillAsync(int turn, CancellationToken cancellation)
    {
        var node = scene.AnyNode();
        var stays = turn % 2 == 1;
        scene.Hosts.Nodes[node].Kill(isHeld: stays);
        if (stays)
        {
            await Task.Delay(TimeSpan.FromSeconds(AwaySeconds), cancellation);
            scene.Hosts.Nodes[node].Release();
        }
        return stays ? $"{scene.Name(node)}, away for {AwaySeconds} s" : scene.Name(node);
    }

    public async Task<string> RollAsync(CancellationToken cancellation)
    {
        foreach (var node in scene.Hosts.Nodes)
        {
            if (!await node.TerminateAsync(cancellation)) throw new BenchException(Say.It($"{node.Name} did not end within its time", $"{node.Name} 未能按时退出"));
            if (!await scene.Hosts.WaitUntilReadyAsync(ReadyLimit, cancellation)) throw new BenchException(Say.It($"{node.Name} did not come back", $"{node.Name} 未能恢复"));
        }
        return "all";
    }

    public async Task<string> FreezeAsync(int turn, CancellationToken cancellation)
    {
        var node = scene.AnyNode();
        var seconds = FreezeSeconds[turn % FreezeSeconds.Length];
        scene.Hosts.Nodes[node].Freeze();
        await Task.Delay(TimeSpan.FromSeconds(seconds), cancellation);
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

    /// <param name="soft">Empty: as many as the hard limit says.</param>
    private static async Task SetFilesAsync(int process, string soft)
    {
        var hard = (await File.ReadAllLinesAsync($"/proc/{process}/limits")).First(line => line.StartsWith("Max open files", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[4];
        await HostCommand.RunAsync("prlimit", "--pid", process.ToString(CultureInfo.InvariantCulture), $"--nofile={(soft.Length == 0 ? hard : soft)}:{hard}");
    }
}
