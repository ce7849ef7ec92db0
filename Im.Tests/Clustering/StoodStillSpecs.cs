using System.Collections.Concurrent;
using Akka.Actor;
using Im.Actors.Conversations.Store;
using Im.Actors.Nodes.Gate;
using Im.Protocol.Names;
using Im.Tests.Edge;
using Im.Tests.Support;
using Shouldly;
using Xunit;
using NodePart = Im.Actors.NodePart;

namespace Im.Tests.Clustering;

/// <summary>A node's clock skips time, as when its process was frozen: what it then knows is from before (rules.md §5).</summary>
[Collection(ActorClusterTests.Name)]
public sealed class StoodStillSpecs
{
    /// <summary>Nobody is downed but by the test.</summary>
    private const string Patient = "akka.cluster.split-brain-resolver { stable-after = 60s, down-all-when-unstable = off }";

    private static readonly TimeSpan TooLong = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan Push = TimeSpan.FromSeconds(1);

    private static readonly string[] Rooms = [.. Enumerable.Range(0, 12).Select(i => $"r:still-{i}")];

    private readonly ConcurrentDictionary<string, SkippingTime> _clocks = new();

    [Fact]
    public async Task Should_decide_and_take_nothing_until_a_majority_confirms_it_and_then_answer_all_in_order()
    {
        await using var cluster = await StartAsync(3, TimeSpan.FromMinutes(2));
        var node = cluster[2];
        var client = await node.Level2Async("still", "device-still", Rooms);
        foreach (var room in Rooms) (await client.AskAsync("first-" + room, "msg", Message(room, "first"))).Code.ShouldBe(200);
        node.Actors.Conversations.ShouldBeGreaterThan(0, "some of the rooms live on this node");
        var before = client.All.Length;

        cluster.Isolate(node);
        await StandStillAsync(node);
        foreach (var text in new[] { "a", "b", "c" })
        {
            foreach (var room in Rooms) client.Send($"{text}-{room}", "msg", Message(room, text));
        }

        await Until.TrueAsync(() => node.Actors.IngressDepth == 3 * Rooms.Length, () => $"{node.Actors.IngressDepth} wait");
        var pushed = await Task.WhenAll(Rooms.Select(room => node.Broker.PushToConversationAsync(Pushes.ToRoom(room, "pushed", numbered: true) with { Timeout = Push }, default)));
        pushed.ShouldAllBe(push => push.Mseq == 0);
        client.All.Length.ShouldBe(before, "nothing is answered or published");
        node.Hub.TryReserve().ShouldBeFalse();
        node.IsReady(NodePart.Gate).ShouldBeFalse();

        cluster.Heal();
        await Until.TrueAsync(() => node.IsReady(NodePart.Gate), patience: TimeSpan.FromSeconds(60));
        await Until.TrueAsync(() => Rooms.All(room => client.All.Any(message => message.Seq == "c-" + room)), () => string.Join('\n', client.All.Skip(before).Select(message => message.Text)));
        node.LostParts.ShouldBeEmpty();
        foreach (var room in Rooms)
        {
            var page = await cluster.Store.ReadAsync(new HistoryQuery(new ConversationKey(Pushes.App, new ConversationId(room)), null, null, 0, 100));
            page.Records.Select(record => record.Cid).Where(cid => cid!.Length == 1).ShouldBe(["a", "b", "c"], room);
        }
    }

    [Fact]
    public async Task Should_go_on_at_once_when_it_is_alone()
    {
        var time = new SkippingTime();
        await using var node = await ActorNode.StartAsync(gateClock: time);
        var client = await node.Level2Async("alone", "device-alone", Rooms[0]);

        time.Skip(TooLong);

        (await client.AskAsync("1", "msg", Message(Rooms[0], "a"))).Code.ShouldBe(200);
        await Until.TrueAsync(() => node.NotReadyParts.Contains(NodePart.Gate) && node.IsReady(NodePart.Gate));
        node.LostParts.ShouldBeEmpty();
    }

    [Fact]
    public async Task Should_go_on_when_all_nodes_stood_still_together()
    {
        await using var cluster = await StartAsync(3, TimeSpan.FromMinutes(2));
        var client = await cluster[1].Level2Async("all", "device-all", Rooms);

        await Task.WhenAll(cluster.Nodes.Select(StandStillOrPassAsync));

        foreach (var room in Rooms) (await client.AskAsync("1-" + room, "msg", Message(room, "a"))).Code.ShouldBe(200);
        cluster.Nodes.ShouldAllBe(node => node.LostParts.Count == 0);
    }

    [Fact]
    public async Task Should_give_itself_up_when_no_majority_confirms_it_in_time()
    {
        await using var cluster = await StartAsync(3, TimeSpan.FromSeconds(2));
        var node = cluster[0];

        cluster.Isolate(node);
        await StandStillAsync(node);

        await Until.TrueAsync(() => node.LostParts.Count == 1, patience: TimeSpan.FromSeconds(60));
        node.LostParts[0].ShouldStartWith("gate: This node stood still, and within 2 s no majority of 3 nodes confirmed");
        cluster.Heal();
        await Until.TrueAsync(() => node.IsReady(NodePart.Gate), patience: TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task Should_give_itself_up_and_stay_closed_when_the_others_have_gone_on_without_it()
    {
        await using var cluster = await StartAsync(3, TimeSpan.FromSeconds(5));
        var (node, other) = (cluster[2], cluster[0]);
        var client = await node.Level2Async("gone", "device-gone", Rooms);
        foreach (var room in Rooms) (await client.AskAsync("first-" + room, "msg", Message(room, "first"))).Code.ShouldBe(200);
        var before = client.All.Length;

        cluster.Isolate(node);
        other.Cluster.Down(node.Address);
        await Until.TrueAsync(() => cluster.Nodes.Take(2).All(one => one.Cluster.State.Members.Count == 2), patience: TimeSpan.FromSeconds(60));
        await StandStillAsync(node);
        foreach (var room in Rooms) client.Send("late-" + room, "msg", Message(room, "late"));
        cluster.Heal();

        await Until.TrueAsync(() => node.LostParts.Count == 1, patience: TimeSpan.FromSeconds(60));
        node.IsReady(NodePart.Gate).ShouldBeFalse();
        client.All.Skip(before).Where(message => message.Seq.StartsWith("late", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Should_say_of_another_node_what_it_is()
    {
        await using var cluster = await StartAsync(3);
        var (asks, answers) = (cluster[0], cluster[1]);
        var uid = asks.Cluster.SelfUniqueAddress.Uid;

        (await AskAsync(asks, answers, uid)).ShouldBe(GateStanding.Up);
        (await AskAsync(asks, answers, uid + 1)).ShouldBe(GateStanding.Out, "an earlier process on the same address");
        cluster.Cut(asks, cluster[2]);
        await Until.TrueAsync(() => !answers.Cluster.State.Unreachable.IsEmpty, patience: TimeSpan.FromSeconds(60));
        await Until.TrueAsync(async () => await AskAsync(asks, answers, uid) == GateStanding.Unreachable, patience: TimeSpan.FromSeconds(60));
    }

    private static async Task<GateStanding> AskAsync(ActorNode from, ActorNode to, int uid)
    {
        var door = from.System.ActorSelection(new RootActorPath(to.Address) / "user" / GateActor.Name);
        var answer = await door.Ask<GateMessages.Answer>(new GateMessages.Ask(7, uid), TimeSpan.FromSeconds(20));
        (answer.At, answer.Uid).ShouldBe((7, to.Cluster.SelfUniqueAddress.Uid));
        return answer.Standing;
    }

    private Task<ActorCluster> StartAsync(int count, TimeSpan? patience = null) =>
        ActorCluster.StartAsync(count, hocon: Patient, gateClocks: name => _clocks.GetOrAdd(name, _ => new SkippingTime()), gatePatience: patience);

    private async Task StandStillAsync(ActorNode node)
    {
        _clocks[node.Name].Skip(TooLong);
        await Until.TrueAsync(() => !node.IsReady(NodePart.Gate));
    }

    private async Task StandStillOrPassAsync(ActorNode node)
    {
        _clocks[node.Name].Skip(TooLong);
        await Until.TrueAsync(() => node.NotReadyParts.Contains(NodePart.Gate));
    }

    private static string Message(string room, string cid) => $$"""{"conv":"{{room}}","type":"text","msg":"{{cid}}","cid":"{{cid}}"}""";
}
