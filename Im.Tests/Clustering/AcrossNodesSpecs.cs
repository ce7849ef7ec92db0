using Im.Actors.Conversations;
using Im.Actors.Edge;
using Im.Protocol;
using Im.Protocol.Names;
using Im.Tests.Edge;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Clustering;

/// <summary>What works on one node works between nodes: users, owners and callers are on different ones.</summary>
[Collection(ActorClusterTests.Name)]
public sealed class AcrossNodesSpecs(ActorClusterFixture fixture) : IDisposable
{
    private readonly ActorCluster _cluster = fixture.Cluster;

    public void Dispose() => _cluster.Refused.ShouldBeEmpty();

    [Fact]
    public async Task Should_see_a_rooms_message_on_every_node()
    {
        for (var round = 0; round < 4; round++)
        {
            var room = $"r:across-{round}";
            var clients = await Task.WhenAll(_cluster.Nodes.Select(node => node.Level2Async($"room-{round}-{node.Name}", $"device-{node.Name}-1", room)));

            var reply = await clients[0].AskAsync("1", "msg", $$"""{"conv":"{{room}}","type":"text","msg":"hello {{round}}","cid":"c-1"}""");

            reply.Code.ShouldBe(200);
            foreach (var other in clients[1..]) (await other.NextPushAsync("msg")).Message.ShouldBe($"hello {round}");
        }
    }

    [Fact]
    public async Task Should_see_who_enters_and_leaves_on_another_node()
    {
        var here = await _cluster[0].Level2Async("enter-a", "device-enter-a", "r:enter-across");
        var there = await _cluster[1].Level0Async("enter-b");
        await there.AskAsync("1", "ping");

        var joining = await _cluster[2].Level2Async("enter-c", "device-enter-c", "r:enter-across");
        (await here.NextPushAsync("enter")).From.ShouldBe("enter-c");
        joining.Cut();

        (await here.NextPushAsync("exit")).From.ShouldBe("enter-c");
    }

    [Fact]
    public async Task Should_bring_a_one_to_one_message_to_a_user_on_another_node()
    {
        foreach (var (from, to) in Pairs())
        {
            var (alice, bob) = ($"pair-a{from.Name}{to.Name}", $"pair-b{from.Name}{to.Name}");
            var sender = await from.Level2Async(alice, "device-pair-a");
            var receiver = await to.Level2Async(bob, "device-pair-b");

            (await sender.AskAsync("1", "msg", $$"""{"conv":"p:{{alice}}|{{bob}}","type":"text","msg":"psst","cid":"c-1"}""")).Code.ShouldBe(200);

            (await receiver.NextPushAsync("msg")).Message.ShouldBe("psst");
        }
    }

    [Fact]
    public async Task Should_say_written_when_a_push_goes_to_a_user_on_another_node()
    {
        foreach (var (from, to) in Pairs())
        {
            var user = $"push-{from.Name}{to.Name}";
            var client = await to.Level2Async(user, "device-push-1");

            var result = await from.Broker.PushToUserAsync(Pushes.ToUser(user, "now"), default);
            var stored = await from.Broker.PushToUserAsync(Pushes.Stored(user, "kept", waitFor: WaitFor.Written), default);
            var once = await from.Broker.PushToUserAsync(Pushes.ToUser(user, "once", key: "k-1"), default);

            result.Devices.Select(device => (device.Device, device.State)).ShouldBe([("device-push-1", DeliveryState.Written)]);
            (stored.State, stored.Mseq).ShouldBe((DeliveryState.Written, 1L));
            once.State.ShouldBe(DeliveryState.Written);
            (await client.NextPushAsync("msg")).Message.ShouldBe("now");
            (await client.NextPushAsync("msg")).Message.ShouldBe("kept");
        }
    }

    [Fact]
    public async Task Should_hear_of_the_ack_of_a_client_on_another_node()
    {
        var client = await _cluster[0].Level2Async("ack-across", "device-ack-1");
        var pushing = _cluster[2].Broker.PushToUserAsync(Pushes.Stored("ack-across", "kept", waitFor: WaitFor.Acked), default);
        var push = await client.NextPushAsync("msg");

        push.Data.GetProperty("mseq").GetInt64().ShouldBe(1);
        await client.AskAsync("1", "ack", """{"acks":{"u:ack-across":1}}""");

        (await pushing).State.ShouldBe(DeliveryState.Acked);
    }

    [Fact]
    public async Task Should_count_a_room_push_on_each_node()
    {
        foreach (var node in _cluster.Nodes) await node.Level2Async($"count-{node.Name}", "device-count-1", "r:count-across");

        var result = await _cluster[1].Broker.PushToConversationAsync(Pushes.ToRoom("r:count-across", "to all"), default);

        result.Nodes.Where(node => node.Queued > 0).Select(node => (node.Node, node.Members, node.Queued)).ShouldBe([("n1", 1, 1), ("n2", 1, 1), ("n3", 1, 1)], ignoreOrder: true);
        (result.Code, result.Partial).ShouldBe((ReplyCode.Success, false));
    }

    [Fact]
    public async Task Should_reach_every_connection_of_an_app_on_every_node()
    {
        var clients = await Task.WhenAll(_cluster.Nodes.Select(async node =>
        {
            var client = node.Connect();
            await client.LoginLevel2Async($"app-{node.Name}", "device-app-1", app: 102);
            return client;
        }));

        await _cluster[0].Broker.BroadcastAsync(new AppPush(new AppId(102), "system", "text", "to the app", null, [], TimeSpan.FromSeconds(20)), default);

        foreach (var client in clients) (await client.NextPushAsync("msg")).Message.ShouldBe("to the app");
    }

    [Fact]
    public async Task Should_close_a_connection_on_another_node_when_its_device_logs_in_again()
    {
        foreach (var (from, to) in Pairs())
        {
            var user = $"twice-{from.Name}{to.Name}";
            var first = await from.Level2Async(user, "device-twice");

            await to.Level2Async(user, "device-twice");

            (await first.ClosedAsync()).ShouldBe((int)CloseCode.ReplacedByLogin);
        }
    }

    [Fact]
    public async Task Should_kick_a_user_whatever_node_is_asked()
    {
        foreach (var (from, to) in Pairs())
        {
            var user = $"kick-{from.Name}{to.Name}";
            var client = await to.Level2Async(user, "device-kick-1");

            var result = await from.Broker.KickAsync(Pushes.App, new UserId(user), [], "spam", Pushes.Timeout, default);

            result.Closed.ShouldBe([new ClosedConnection(client.Slot.ConnectionId, to.Name)]);
            (await client.NextPushAsync("kicked")).Data.GetProperty("reason").GetString().ShouldBe("spam");
            (await client.ClosedAsync()).ShouldBe((int)CloseCode.KickedByOperator);
        }
    }

    [Fact]
    public async Task Should_disconnect_one_connection_whatever_node_is_asked()
    {
        var client = await _cluster[1].Level2Async("disc-across", "device-disc-1");

        (await _cluster[2].Broker.DisconnectAsync(Pushes.App, client.Slot.ConnectionId, "bye", default)).Closed.ShouldBe([new ClosedConnection(client.Slot.ConnectionId, "n2")]);

        (await client.ClosedAsync()).ShouldBe((int)CloseCode.KickedByOperator);
    }

    [Fact]
    public async Task Should_tell_a_watcher_of_a_user_on_another_node()
    {
        var watcher = await _cluster[0].Level2Async("watch-across", "device-watch-1");
        await watcher.AskAsync("w", "watch", """{"users":["watched-1","watched-2"]}""");

        var first = await _cluster[1].Level2Async("watched-1", "device-watched-1");
        (await watcher.NextPushAsync("presence")).Data.GetProperty("user").GetString().ShouldBe("watched-1");
        await _cluster[2].Level2Async("watched-2", "device-watched-2");
        (await watcher.NextPushAsync("presence")).Data.GetProperty("user").GetString().ShouldBe("watched-2");
        first.Cut();

        var gone = await watcher.NextPushAsync("presence");
        (gone.Data.GetProperty("user").GetString(), gone.Data.GetProperty("state").GetString()).ShouldBe(("watched-1", "offline"));
    }

    [Fact]
    public async Task Should_know_users_connections_and_counts_of_all_nodes_whatever_node_is_asked()
    {
        foreach (var node in _cluster.Nodes) await node.Level2Async($"know-{node.Name}", "device-know-1", "r:know");

        foreach (var asked in _cluster.Nodes)
        {
            var online = await Whole.AnswerAsync(
                () => asked.Broker.QueryOnlineAsync(Pushes.App, [new UserId("know-n1"), new UserId("know-n2"), new UserId("know-n3"), new UserId("know-nobody")], default),
                users => users.All(presence => presence.Online is not null));
            online.Select(presence => presence.Online).ShouldBe([true, true, true, false]);
            var page = await Whole.AnswerAsync(() => asked.Broker.ListUsersAsync(Pushes.App, new ConversationId("r:know"), 10, null, default), page => !page.Partial);
            page.Users.Select(user => user.Value).ShouldBe(["know-n1", "know-n2", "know-n3"]);
            var connections = await Whole.AnswerAsync(() => asked.Broker.ListConnectionsAsync(Pushes.App, new UserId("know-n2"), default), list => !list.Partial);
            connections.Connections.Single().Node.ShouldBe("n2");
            var states = await Whole.AnswerAsync(() => asked.Broker.GetStateAsync(10, default), states => states.Count == _cluster.Nodes.Count);
            states.Select(state => state.Node).ShouldBe(["n1", "n2", "n3"], ignoreOrder: true);
        }
    }

    [Fact]
    public async Task Should_make_and_change_a_group_whose_members_are_on_other_nodes()
    {
        var ann = await _cluster[1].Level2Async("grp-ann", "device-grp-ann");
        var ben = await _cluster[2].Level2Async("grp-ben", "device-grp-ben");

        await _cluster[0].Broker.ChangeGroupAsync(Pushes.Group("across", new GroupChange.Create("Team", ["grp-ann", "grp-ben"])), default);
        (await ann.NextPushAsync("event")).Data.GetProperty("conv").GetString().ShouldBe("g:across");
        await ben.NextPushAsync("event");
        (await ann.AskAsync("1", "msg", """{"conv":"g:across","type":"text","msg":"hi team","cid":"c-1"}""")).Code.ShouldBe(200);
        (await ben.NextPushAsync("msg")).Message.ShouldBe("hi team");
        await _cluster[2].Broker.ChangeGroupAsync(Pushes.Group("across", new GroupChange.Remove(["grp-ben"])), default);

        (await ben.AskAsync("2", "msg", """{"conv":"g:across","type":"text","msg":"still?","cid":"c-2"}""")).Code.ShouldBe((int)ReplyCode.NotAMember);
    }

    [Fact]
    public async Task Should_show_typing_and_read_marks_to_a_user_on_another_node()
    {
        var ann = await _cluster[0].Level2Async("typ-ann", "device-typ-ann");
        var ben = await _cluster[1].Level2Async("typ-ben", "device-typ-ben");
        await ann.AskAsync("1", "msg", """{"conv":"p:typ-ann|typ-ben","type":"text","msg":"hi","cid":"c-1"}""");
        await ben.NextPushAsync("msg");

        await ann.AskAsync("2", "typing", """{"conv":"p:typ-ann|typ-ben","state":"start"}""");
        await ben.NextPushAsync("typing");
        await ben.AskAsync("3", "read", """{"conv":"p:typ-ann|typ-ben","mseq":1}""");

        (await ann.NextAsync(message => message.Cmd == "receipt")).Data.GetProperty("conv").GetString().ShouldBe("p:typ-ann|typ-ben");
    }

    private IEnumerable<(ActorNode From, ActorNode To)> Pairs() =>
        _cluster.Nodes.SelectMany(from => _cluster.Nodes.Where(to => to != from).Select(to => (from, to)));
}
