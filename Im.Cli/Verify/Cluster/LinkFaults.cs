using Im.Cli.Bench;
using Im.Cli.Text;
using Im.Cli.Verify.Hosts;

namespace Im.Cli.Verify.Cluster;

/// <summary>What happens to the links between nodes. The database, the door and clients reach every node meanwhile.</summary>
internal sealed class LinkFaults(FaultScene scene)
{
    private static readonly int[] PartSeconds = [10, 30, 60];
    private static readonly TimeSpan IslandTime = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FlapTime = TimeSpan.FromSeconds(50);

    private NodeNetwork Network => scene.Hosts.Network
        ?? throw new BenchException(Say.It("Links can be cut between network namespaces only: ", "只有在网络命名空间之间才能切断链路：") + NodeNetwork.WhyNot);

    public async Task<string> PartAsync(int turn, CancellationToken cancellation)
    {
        var node = scene.AnyNode();
        var seconds = PartSeconds[turn % PartSeconds.Length];
        await Network.PartAsync([node], scene.Others(node));
        await HoldAsync(TimeSpan.FromSeconds(seconds), cancellation);
        return $"{scene.Name(node)} for {seconds} s";
    }

    /// <summary>In turn nothing comes out of a node, and nothing comes in.</summary>
    public async Task<string> CutOneWayAsync(int turn, CancellationToken cancellation)
    {
        var node = scene.AnyNode();
        var isOut = turn % 2 == 0;
        foreach (var other in scene.Others(node))
        {
            if (isOut) await Network.CutAsync(node, other);
            else await Network.CutAsync(other, node);
        }
        await HoldAsync(TimeSpan.FromSeconds(30), cancellation);
        return $"{(isOut ? "out of" : "into")} {scene.Name(node)} for 30 s";
    }

    public async Task<string> IsolateAsync(CancellationToken cancellation)
    {
        for (var node = 0; node < scene.Hosts.Nodes.Count; node++) await Network.PartAsync([node], scene.Others(node));
        await HoldAsync(IslandTime, cancellation);
        return $"for {IslandTime.TotalSeconds} s";
    }

    public async Task<string> FlapAsync(CancellationToken cancellation)
    {
        var node = scene.AnyNode();
        var begun = scene.Book.NowMs;
        while (scene.Book.NowMs - begun < FlapTime.TotalMilliseconds)
        {
            await Network.PartAsync([node], scene.Others(node));
            await HoldAsync(TimeSpan.FromSeconds(4), cancellation);
            await Task.Delay(TimeSpan.FromSeconds(3), cancellation);
        }
        return $"{scene.Name(node)}, 4 s of 7 for {FlapTime.TotalSeconds} s";
    }

    public async Task<string> SlowAsync(CancellationToken cancellation)
    {
        await using var links = await SlowLinks.PutAsync(Network, scene.Hosts.Nodes.Count, scene.Random.Next());
        await Task.Delay(TimeSpan.FromSeconds(40), cancellation);
        return $"200-600 ms for 40 s, {links.Stalls} stalls";
    }

    private async Task HoldAsync(TimeSpan time, CancellationToken cancellation)
    {
        try
        {
            await Task.Delay(time, cancellation);
        }
        finally
        {
            await Network.HealAsync();
        }
    }
}
