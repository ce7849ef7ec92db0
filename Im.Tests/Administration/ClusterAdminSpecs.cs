using Akka.Actor;
using Akka.Cluster.Sharding;
using Im.Actors.Administration;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Administration;

/// <summary>Any node of a cluster tells of all of them, and passes an order on to the one that it is for.</summary>
[Collection(ActorClusterTests.Name)]
public sealed class ClusterAdminSpecs(ActorClusterFixture fixture) : IAsyncLifetime
{
    /// <summary>What is expected to answer may take its time.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Dictionary<string, FakeControl> _controls = [];
    private readonly List<IActorRef> _actors = [];

    private ActorCluster Cluster => fixture.Cluster;

    public async Task InitializeAsync()
    {
        foreach (var node in Cluster.Nodes)
        {
            var sharding = ClusterSharding.Get(node.System);
            var regions = new[] { "session", "conversation" }.ToDictionary(region => region, sharding.ShardRegion);
            var control = _controls[node.Name] = new FakeControl();
            var props = NodeAdminActor.Create(new NodeFacts(node.Name, 0, TimeProvider.System, node.Actors, regions) { RegionTimeout = Patience }, control);
            await Until.TrueAsync(() => TryStart(node.System, props));
        }

        // Remote selections find it once it has started.
        foreach (var actor in _actors) await actor.Ask<ActorIdentity>(new Identify(null), Patience);
    }

    public async Task DisposeAsync() => await Task.WhenAll(_actors.Select(actor => actor.GracefulStop(Patience)));

    [Fact]
    public async Task Should_tell_of_every_node_on_any_of_them()
    {
        var clients = new List<MemoryClient>();
        for (var i = 0; i < 6; i++) clients.Add(await Cluster[1].Level2Async($"admin-{i}", "device-admin", $"r:admin-{i}"));

        // Clients of other classes may still be leaving.
        var report = await Whole.AnswerAsync(() => Admin(Patience).GetClusterAsync(default), report => report.Members[1].Report?.LoggedIn == Cluster[1].Actors.LoggedIn);

        report.Asked.ShouldBe(Text(Cluster[0]));
        report.Members.Select(member => member.Address).ShouldBe(Cluster.Nodes.Select(Text).Order(StringComparer.Ordinal));
        report.Members.ShouldAllBe(member => member.IsReachable && member.Status == Akka.Cluster.MemberStatus.Up && member.Report != null);
        report.Members.Single(member => member.IsOldest).Address.ShouldBe(Text(Cluster[0]));
        report.Members.Count(member => member.IsLeader).ShouldBe(1);
        var there = report.Members.Single(member => member.Report!.Node == "n2");
        there.Address.ShouldBe(Text(Cluster[1]));
        there.Incarnation.ShouldBe(Cluster[1].Cluster.SelfUniqueAddress.Uid);
        there.Report!.LoggedIn.ShouldBeGreaterThanOrEqualTo(6);
        report.Members.Sum(member => member.Report!.Sessions).ShouldBeGreaterThanOrEqualTo(6);
        report.Members.Sum(member => member.Report!.Shards["session"]).ShouldBeGreaterThan(0);
        report.Members.Sum(member => member.Report!.Shards["conversation"]).ShouldBeGreaterThan(0);
        foreach (var client in clients) client.Cut();
    }

    [Fact]
    public async Task Should_tell_of_a_node_that_does_not_answer_what_the_others_know()
    {
        await _actors[2].GracefulStop(Patience);

        var report = await Whole.AnswerAsync(() => Admin().GetClusterAsync(default), OnlyTheLastIsSilent);

        report.Members.Single(member => member.Report is null).Address.ShouldBe(Text(Cluster[2]));
    }

    [Theory]
    [InlineData("n3", "n3")]
    [InlineData("N3:1", "n3")]
    [InlineData(IClusterAdmin.Self, "n1")]
    public async Task Should_pass_the_order_on_to_the_node_it_is_for(string named, string meant)
    {
        var admin = Admin(Patience);

        var first = await admin.DrainAsync(named, restart: true, default);
        var second = await admin.DrainAsync(named, restart: false, default);

        (first.Outcome, second.Outcome).ShouldBe((DrainOutcome.Begun, DrainOutcome.UnderWay));
        first.Member!.Report!.Node.ShouldBe(meant);
        _controls[meant].Orders.ShouldBe([true, false]);
        _controls.Where(control => control.Key != meant).ShouldAllBe(control => control.Value.Orders.Count == 0);
    }

    [Fact]
    public async Task Should_know_when_it_cannot_tell_whether_a_node_drains()
    {
        await _actors[2].GracefulStop(Patience);
        var admin = Admin();

        (await admin.DrainAsync(Text(Cluster[2]), restart: false, default)).Outcome.ShouldBe(DrainOutcome.NoAnswer);
        var none = await admin.DrainAsync("n9", restart: false, default);

        none.Outcome.ShouldBe(DrainOutcome.NoSuchNode);
        none.Known.Count.ShouldBe(3);
    }

    private ClusterAdmin Admin(TimeSpan? timeout = null) => timeout is { } given ? new(Cluster[0].System) { NodeTimeout = given } : new(Cluster[0].System);

    private static bool OnlyTheLastIsSilent(ClusterReport report) => report.Members.Count(member => member.Report is not null) == 2;

    /// <summary>The name of one that has stopped is free a moment later.</summary>
    private bool TryStart(ActorSystem system, Props props)
    {
        try
        {
            _actors.Add(system.ActorOf(props, NodeAdminActor.Name));
            return true;
        }
        catch (InvalidActorNameException)
        {
            return false;
        }
    }

    private static string Text(ActorNode node) => $"{node.Address.Host}:{node.Address.Port}";

    private sealed class FakeControl : INodeControl
    {
        public List<bool> Orders { get; } = [];

        public NodeCondition Condition { get; } = new(true, "ready", null);

        public bool BeginDrain(bool restart)
        {
            Orders.Add(restart);
            return Orders.Count == 1;
        }
    }
}
