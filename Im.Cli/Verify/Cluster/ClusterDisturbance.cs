using Im.Cli.Bench;
using Im.Cli.Bench.Measure;
using Im.Cli.Bench.Report;
using Im.Cli.Text;
using Im.Cli.Verify.Hosts;
using Im.Client;

namespace Im.Cli.Verify.Cluster;

/// <summary>One fault a round, in turn, and after each the wait until everything serves again.</summary>
internal sealed class ClusterDisturbance(ClusterHosts hosts, IReadOnlyList<ClusterFault> faults, FaultScene scene, BenchConsole console, List<FaultWindow> windows) : IDisturbance
{
    private static readonly TimeSpan RecoverLimit = TimeSpan.FromSeconds(120);

    private readonly ProcessFaults _processes = new(scene);
    private readonly LinkFaults _links = new(scene);
    private readonly SurroundingFaults _surroundings = new(scene);

    public async Task<string> RunAsync(int round, CancellationToken cancellation)
    {
        var fault = faults[round % faults.Count];
        var turn = round / faults.Count;
        var exited = hosts.Nodes.Select(node => node.ExitCodes.Count).ToArray();
        scene.Book.BeginLife();
        var begun = scene.Book.NowMs;
        var detail = await BringAsync(fault, turn, cancellation);
        var healed = scene.Book.NowMs;
        if (!await hosts.WaitUntilReadyAsync(RecoverLimit, cancellation))
            throw new BenchException(Say.It($"After {fault} ({detail}) not every node is ready within {RecoverLimit.TotalSeconds} s; logs are in {hosts.Directory}", $"{fault}（{detail}）之后 {RecoverLimit.TotalSeconds} 秒内仍有节点未就绪；日志位于 {hosts.Directory}"));
        var ready = scene.Book.NowMs;
        await WaitUntilServedAsync(healed, cancellation);
        scene.Book.BeginLife();
        windows.Add(new FaultWindow(fault, detail, begun, healed, ready, scene.Book.NowMs, Exits(exited)));
        console.Note("  " + string.Join(", ", hosts.Nodes.Select(node => $"{node.Name} {ProcessMemory.ResidentBytes(node.ProcessId) >> 20} MiB")) + (windows[^1].Exits.Count > 0 ? "; exits " + string.Join(", ", windows[^1].Exits) : ""));
        return $"{fault} {detail}";
    }

    private Task<string> BringAsync(ClusterFault fault, int turn, CancellationToken cancellation) => fault switch
    {
        ClusterFault.Kill => _processes.KillAsync(turn, cancellation),
        ClusterFault.Oldest => _processes.KillOldestAsync(turn, cancellation),
        ClusterFault.Rolling => _processes.RollAsync(cancellation),
        ClusterFault.Freeze => _processes.FreezeAsync(turn, cancellation),
        ClusterFault.Files => _processes.StarveOfFilesAsync(cancellation),
        ClusterFault.Cpu => _processes.StarveOfCpuAsync(cancellation),
        ClusterFault.Mixed => _processes.MixAsync(cancellation),
        ClusterFault.Part => _links.PartAsync(turn, cancellation),
        ClusterFault.OneWay => _links.CutOneWayAsync(turn, cancellation),
        ClusterFault.Islands => _links.IsolateAsync(cancellation),
        ClusterFault.Flap => _links.FlapAsync(cancellation),
        ClusterFault.SlowLink => _links.SlowAsync(cancellation),
        ClusterFault.Database => _surroundings.DisturbDatabaseAsync(turn, cancellation),
        ClusterFault.Slow => _surroundings.SlowReadersAsync(cancellation),
        _ => _surroundings.DisturbDoorAsync(turn, cancellation),
    };

    /// <summary>
    /// Everything that was called before the heal has its answer, and everybody is online but for who reads slowly, which loses its connection for that again and again.
    /// </summary>
    private async Task WaitUntilServedAsync(long healed, CancellationToken cancellation)
    {
        while (scene.Book.NowMs - healed < RecoverLimit.TotalMilliseconds)
        {
            if (scene.Population.Devices.All(device => device.IsSlow || device.Client.State == ImClientState.Online) && !scene.Book.Sent.Any(sent => sent.Outcome == Facts.Outcome.Open && sent.BegunMs <= healed)) return;
            await Task.Delay(100, cancellation);
        }
        console.Note(Say.It($"after {RecoverLimit.TotalSeconds} s somebody is not served again", $"{RecoverLimit.TotalSeconds} 秒后仍有用户未恢复服务"));
    }

    private List<string> Exits(int[] before) =>
        [.. hosts.Nodes.SelectMany((node, index) => node.ExitCodes.Skip(before[index]).Select(code => $"{node.Name} {code}"))];
}
