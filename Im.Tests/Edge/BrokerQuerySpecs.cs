using Im.Actors.Edge;
using Im.Protocol.Names;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Edge;

[Collection(ActorNodeTests.Name)]
public sealed class BrokerQuerySpecs(ActorNodeFixture fixture)
{
    private readonly ActorNode _node = fixture.Node;

    private IBroker Broker => _node.Broker;

    [Fact]
    public async Task Should_say_who_is_online_and_where_when_it_is_asked()
    {
        await _node.Level2Async("on-a", "device-on-a");

        var answers = await Broker.QueryOnlineAsync(Pushes.App, [new UserId("on-a"), new UserId("on-b")], default);

        answers.Select(answer => (answer.User.Value, answer.Online)).ShouldBe([("on-a", true), ("on-b", false)]);
        answers[0].Platforms.ShouldBe(["web"]);
    }

    [Fact]
    public async Task Should_say_offline_when_the_last_connection_has_gone()
    {
        var client = await _node.Level0Async("off-a");

        client.Cut();

        await Until.TrueAsync(async () => (await Broker.QueryOnlineAsync(Pushes.App, [new UserId("off-a")], default))[0].Online == false);
    }

    [Fact]
    public async Task Should_list_the_members_of_a_room_page_by_page_in_ordinal_order()
    {
        foreach (var name in new[] { "pg-e", "pg-a", "pg-c", "pg-b", "pg-d" }) await _node.Level2Async(name, "device-" + name, "r:pages");
        var room = new ConversationId("r:pages");

        var first = await Broker.ListUsersAsync(Pushes.App, room, 2, null, default);
        var second = await Broker.ListUsersAsync(Pushes.App, room, 2, first.Next, default);
        var third = await Broker.ListUsersAsync(Pushes.App, room, 2, second.Next, default);

        first.Users.Concat(second.Users).Concat(third.Users).Select(user => user.Value).ShouldBe(["pg-a", "pg-b", "pg-c", "pg-d", "pg-e"]);
        (first.Total, first.Partial, third.Next).ShouldBe((5L, false, null));
    }

    [Fact]
    public async Task Should_list_the_logged_in_users_when_no_room_is_named()
    {
        await _node.Level0Async("ls-a");

        var page = await Broker.ListUsersAsync(Pushes.App, null, 10_000, null, default);

        page.Users.ShouldContain(new UserId("ls-a"));
        page.Users.Count.ShouldBe((int)page.Total);
    }

    [Fact]
    public async Task Should_describe_each_connection_when_a_user_has_several()
    {
        var web = await _node.Level2Async("conn-a", "device-conn-a");
        var old = await _node.Level0Async("conn-a");

        var list = await Broker.ListConnectionsAsync(Pushes.App, new UserId("conn-a"), default);

        list.Connections.Select(info => (info.ConnectionId, info.Node, info.Level, info.Device, info.Platform)).ShouldBe(
            [(web.Slot.ConnectionId, "n1", 2, "device-conn-a", "web"), (old.Slot.ConnectionId, "n1", 0, null, "")], ignoreOrder: true);
    }

    [Fact]
    public async Task Should_close_with_4005_after_a_kicked_push_when_a_user_is_kicked()
    {
        var web = await _node.Level2Async("kick-a", "device-kick-a");
        var old = await _node.Level0Async("kick-a");

        var result = await Broker.KickAsync(Pushes.App, new UserId("kick-a"), [], "spam", Pushes.Timeout, default);

        result.Closed.Select(closed => closed.ConnectionId).ShouldBe([web.Slot.ConnectionId, old.Slot.ConnectionId], ignoreOrder: true);
        (await web.NextPushAsync("kicked")).Data.GetProperty("reason").GetString().ShouldBe("spam");
        (await web.ClosedAsync()).ShouldBe(4005);
        (await old.ClosedAsync()).ShouldBe(4005);
    }

    [Fact]
    public async Task Should_kick_only_the_platforms_that_are_named()
    {
        var web = await _node.Level2Async("kick-p", "device-kick-p");
        var old = await _node.Level0Async("kick-p");

        var result = await Broker.KickAsync(Pushes.App, new UserId("kick-p"), ["web"], "spam", Pushes.Timeout, default);

        result.Closed.Count.ShouldBe(1);
        (await web.ClosedAsync()).ShouldBe(4005);
        (await old.AskAsync("1", "ping")).Code.ShouldBe(200);
    }

    [Fact]
    public async Task Should_kick_nobody_when_the_user_is_offline() =>
        (await Broker.KickAsync(Pushes.App, new UserId("kick-nobody"), [], "spam", Pushes.Timeout, default)).Closed.ShouldBeEmpty();

    [Fact]
    public async Task Should_close_one_connection_when_it_is_disconnected_in_its_own_app()
    {
        var first = await _node.Level2Async("disc-a", "device-disc-1");
        var second = await _node.Level2Async("disc-a", "device-disc-2");

        (await Broker.DisconnectAsync(new AppId(102), first.Slot.ConnectionId, "bye", default)).Closed.ShouldBeEmpty();
        (await Broker.DisconnectAsync(Pushes.App, "n1-ffffffffff", "bye", default)).Closed.ShouldBeEmpty();
        (await Broker.DisconnectAsync(Pushes.App, "nonsense", "bye", default)).Closed.ShouldBeEmpty();
        (await Broker.DisconnectAsync(Pushes.App, first.Slot.ConnectionId, "bye", default)).Closed.ShouldBe([new ClosedConnection(first.Slot.ConnectionId, "n1")]);

        (await first.ClosedAsync()).ShouldBe(4005);
        (await second.AskAsync("1", "ping")).Code.ShouldBe(200);
    }

    [Fact]
    public async Task Should_count_what_the_node_holds_when_its_state_is_asked()
    {
        await _node.Level0Async("state-a");

        var state = (await Broker.GetStateAsync(100_000, default)).Single();

        (state.Node, state.Answered).ShouldBe(("n1", true));
        state.Names!.Users.ShouldContain("101_state-a");
        state.UsersByApp["101"].ShouldBeGreaterThan(0);
        // Those of the test before may still be leaving.
        await Until.TrueAsync(async () => (await Broker.GetStateAsync(0, default)).Single().Connections == _node.Hub.Table.Count);
        (await Broker.GetStateAsync(0, default)).Single().Names.ShouldBeNull();
    }
}
