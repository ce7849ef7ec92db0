using System.Collections.Concurrent;
using Akka.Cluster;
using Im.Actors.Administration;

namespace Im.Tests.Ingress;

/// <summary>A cluster of three: one that was asked and drains, one that is ready, one that is silent. A test may have it change from question to question.</summary>
internal sealed class FakeClusterAdmin : IClusterAdmin
{
    public static ClusterReport Three { get; } = new("10.0.0.1:4053",
    [
        new ClusterMember("10.0.0.1:4053", 11, MemberStatus.Up, true, true, true, ["chat"], "1.2.3", new NodeReport(
            "n1", TimeSpan.FromSeconds(61), new NodeCondition(false, "draining: 3 of 10 connections left", new DrainProgress(10, 3)), 3, 2, 5, 6, new Dictionary<string, int> { ["session"] = 7, ["conversation"] = 8 })),
        new ClusterMember("10.0.0.2:4053", 12, MemberStatus.Leaving, true, false, false, [], "1.2.3", new NodeReport(
            "n2", TimeSpan.Zero, new NodeCondition(true, "ready", null), 0, 0, 0, 0, new Dictionary<string, int>())),
        new ClusterMember("10.0.0.3:4053", -13, MemberStatus.WeaklyUp, false, false, false, [], "1.2.2", null),
    ]);

    public ConcurrentQueue<(string Node, bool Restart)> Drains { get; } = new();

    public DrainOutcome Outcome { get; set; } = DrainOutcome.Begun;

    /// <summary>What the next questions are answered, each once; the last one stays.</summary>
    public ConcurrentQueue<ClusterReport> Next { get; } = new([Three]);

    public Task<ClusterReport> GetClusterAsync(CancellationToken cancellation)
    {
        Next.TryPeek(out var report);
        if (Next.Count > 1) Next.TryDequeue(out _);
        return Task.FromResult(report!);
    }

    public Task<DrainResult> DrainAsync(string node, bool restart, CancellationToken cancellation)
    {
        Drains.Enqueue((node, restart));
        var member = Outcome == DrainOutcome.NoSuchNode ? null : Three.Members[0];
        return Task.FromResult(new DrainResult(Outcome, member, [.. Three.Members.Select(each => each.Address)]));
    }
}
