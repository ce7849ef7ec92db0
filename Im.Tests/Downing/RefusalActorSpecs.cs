using System.Collections.Concurrent;
using Akka.Cluster;
using Im.Actors.Downing;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Downing;

/// <summary>Three nodes in memory, of which one dies. Nobody but the RefusalActor downs anything within the time of a test.</summary>
[Collection(ActorClusterTests.Name)]
public sealed class RefusalActorSpecs
{
    private const string Hocon = """
        akka.cluster {
          failure-detector.acceptable-heartbeat-pause = 1s
          split-brain-resolver { stable-after = 300s, down-all-when-unstable = off }
        }
        """;

    /// <summary>The end of the association tells of the loss; a stall of this process makes no suspect of the one that lives.</summary>
    private const string Patient = """
        akka.cluster {
          failure-detector.acceptable-heartbeat-pause = 60s
          split-brain-resolver { stable-after = 300s, down-all-when-unstable = off }
        }
        """;

    private static readonly RefusalSettings Settings = new(TimeSpan.FromMilliseconds(20), 3, TimeSpan.FromSeconds(30));

    [Fact]
    public async Task Should_take_a_node_out_when_both_others_see_its_port_refuse()
    {
        await using var cluster = await ActorCluster.StartAsync(3, hocon: Patient);
        var (one, other) = (Probe(cluster[0]), Probe(cluster[1]));
        var dead = cluster[2];
        one.Now = other.Now = PortState.Refused;

        await cluster.KillAsync(dead);

        foreach (var node in cluster.Nodes)
            await Until.TrueAsync(() => node.Cluster.State.Members.Count == 2, () => string.Join(", ", node.Cluster.State.Members));
        one.Tried.ShouldAllBe(host => host == "n3");
    }

    [Theory]
    [InlineData((int)PortState.Refused, (int)PortState.Unknown)]
    [InlineData((int)PortState.Refused, (int)PortState.Listening)]
    [InlineData((int)PortState.Unknown, (int)PortState.Unknown)]
    public async Task Should_leave_a_node_in_when_fewer_than_a_majority_see_its_port_refuse(int first, int second)
    {
        await using var cluster = await ActorCluster.StartAsync(3, hocon: Hocon);
        var probes = new[] { Probe(cluster[0]), Probe(cluster[1]) };
        (probes[0].Now, probes[1].Now) = ((PortState)first, (PortState)second);

        await cluster.KillAsync(cluster[2]);

        foreach (var probe in probes)
            await Until.TrueAsync(() => probe.Tried.Count(host => host == "n3") >= 10 * Settings.Tries, () => $"{probe.Tried.Count} tries");
        foreach (var node in cluster.Nodes) node.Cluster.State.Members.Count(member => member.Status == MemberStatus.Up).ShouldBe(3);
    }

    [Fact]
    public async Task Should_not_let_what_was_seen_of_an_earlier_process_take_out_its_successor()
    {
        await using var cluster = await ActorCluster.StartAsync(3, hocon: Hocon);
        var probes = cluster.Nodes.Select(Probe).ToArray();
        var successor = cluster[2].Cluster.SelfUniqueAddress;
        var before = new UniqueAddress(successor.Address, successor.Uid + 1);

        foreach (var (to, probe) in cluster.Nodes.Zip(probes).Take(2)) await HearAsync(to, probe);
        foreach (var (to, probe) in cluster.Nodes.Zip(probes).Take(2))
        {
            foreach (var by in cluster.Nodes.Take(2)) Tell(to, new RefusalMessages.Refused(before, by.Cluster.SelfUniqueAddress));
            await HearAsync(to, probe);
        }

        foreach (var node in cluster.Nodes) node.Cluster.State.Members.Count(member => member.Status == MemberStatus.Up).ShouldBe(3);
    }

    /// <summary>Back when it has handled what it was told before.</summary>
    private static async Task HearAsync(ActorNode to, FakeProbe probe)
    {
        var one = to.Cluster.State.Members.First(member => member.Address.Host == "n3").UniqueAddress;
        probe.Tried.Clear();
        await Until.TrueAsync(() =>
        {
            Tell(to, new RefusalMessages.Refused(one, to.Cluster.SelfUniqueAddress));
            return probe.Tried.Contains("n3");
        });
    }

    private static void Tell(ActorNode to, object message) => to.System.ActorSelection("/user/" + RefusalActor.Name).Tell(message);

    private static FakeProbe Probe(ActorNode node)
    {
        var probe = new FakeProbe();
        node.System.ActorOf(RefusalActor.Create(probe, Settings, TimeProvider.System), RefusalActor.Name);
        return probe;
    }

    /// <summary>Says of every port what the test says.</summary>
    private sealed class FakeProbe : IPortProbe
    {
        public PortState Now { get; set; } = PortState.Listening;

        public ConcurrentQueue<string> Tried { get; } = new();

        public Task<PortState> TryAsync(string host, int port)
        {
            Tried.Enqueue(host);
            return Task.FromResult(Now);
        }
    }
}
