using Im.Actors.Edge;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Edge;

[Collection(ActorNodeTests.Name)]
public sealed class BrokerPushSpecs(ActorNodeFixture fixture)
{
    private readonly ActorNode _node = fixture.Node;

    private IBroker Broker => _node.Broker;

    [Fact]
    public async Task Should_say_written_for_every_device_when_the_sockets_took_it()
    {
        var web = await _node.Level2Async("push-a", "device-push-a");
        var old = await _node.Level0Async("push-a");

        var result = await Broker.PushToUserAsync(Pushes.ToUser("push-a", "hello"), default);

        (result.State, result.Duplicate).ShouldBe((DeliveryState.Written, false));
        result.Devices.Select(device => (device.Device, device.Platform, device.State)).ShouldBe(
            [("device-push-a", "web", DeliveryState.Written), (old.Slot.ConnectionId, "", DeliveryState.Written)], ignoreOrder: true);
        var push = await web.NextPushAsync("msg");
        (push.Seq, push.From, push.Data.GetProperty("conv").GetString()).ShouldBe((result.MessageId, "system", "u:push-a"));
        (await old.NextPushAsync("msg")).Message.ShouldBe("hello");
    }

    [Fact]
    public async Task Should_say_offline_when_the_user_has_no_connection()
    {
        var result = await Broker.PushToUserAsync(Pushes.ToUser("push-nobody", "hello"), default);

        result.State.ShouldBe(DeliveryState.Offline);
        result.Devices.ShouldBeEmpty();
    }

    [Fact]
    public async Task Should_say_offline_when_no_device_has_the_platform()
    {
        var web = await _node.Level2Async("push-p", "device-push-p");

        (await Broker.PushToUserAsync(Pushes.ToUser("push-p", "no", platforms: ["ios"]), default)).State.ShouldBe(DeliveryState.Offline);
        (await Broker.PushToUserAsync(Pushes.ToUser("push-p", "yes", platforms: ["ios", "web"]), default)).State.ShouldBe(DeliveryState.Written);

        (await web.NextPushAsync("msg")).Message.ShouldBe("yes");
    }

    [Fact]
    public async Task Should_say_pending_when_the_time_is_up_and_the_socket_has_not_taken_it()
    {
        var client = await _node.Level2Async("push-t", "device-push-t");
        client.Transport.TakeOnly(0);

        var result = await Pushes.ByItsTimeAsync(seconds => Broker.PushToUserAsync(Pushes.ToUser("push-t", "late", seconds: seconds), default), result => result.Devices.Count > 0);

        (result.State, result.Devices.Single().Why).ShouldBe((DeliveryState.Pending, "timeout"));
        client.Transport.MakeRoom();
        (await client.NextPushAsync("msg")).Message.ShouldBe("late");
    }

    [Fact]
    public async Task Should_say_failed_when_the_connection_breaks_under_the_push()
    {
        var client = await _node.Level2Async("push-f", "device-push-f");
        client.Transport.TakeOnly(0);
        var pushing = Broker.PushToUserAsync(Pushes.ToUser("push-f", "lost"), default);
        await Until.TrueAsync(() => client.Transport.IsBlocked);

        client.Cut();

        var device = (await pushing).Devices.Single();
        (device.State, device.Why).ShouldBe((DeliveryState.Failed, "closed"));
    }

    [Fact]
    public async Task Should_push_once_when_an_idempotency_key_is_repeated()
    {
        var client = await _node.Level2Async("push-k", "device-push-k");

        var first = await Broker.PushToUserAsync(Pushes.ToUser("push-k", "once", key: "k1"), default);
        var second = await Broker.PushToUserAsync(Pushes.ToUser("push-k", "once", key: "k1"), default);
        await Broker.PushToUserAsync(Pushes.ToUser("push-k", "other", key: "k2"), default);

        (first.Duplicate, second.Duplicate, second.MessageId).ShouldBe((false, true, first.MessageId));
        (await client.NextPushAsync("msg")).Message.ShouldBe("once");
        (await client.NextPushAsync("msg")).Message.ShouldBe("other");
    }

    [Fact]
    public async Task Should_count_members_and_number_the_record_when_it_pushes_to_a_room()
    {
        var clients = new List<MemoryClient>();
        for (var i = 0; i < 5; i++) clients.Add(await _node.Level2Async($"room-{i}", $"device-room-{i}", "r:push"));

        var first = await Broker.PushToConversationAsync(Pushes.ToRoom("r:push", "one"), default);
        var second = await Broker.PushToConversationAsync(Pushes.ToRoom("r:push", "two", key: "k"), default);
        var again = await Broker.PushToConversationAsync(Pushes.ToRoom("r:push", "two", key: "k"), default);
        var ephemeral = await Broker.PushToConversationAsync(Pushes.ToRoom("r:push", "three", numbered: false), default);

        first.Nodes.ShouldBe([new NodeFanout("n1", 5, 5, 0)]);
        (first.Mseq, second.Mseq, again.Mseq, ephemeral.Mseq).ShouldBe((1L, 2L, 2L, 0L));
        (first.Partial, second.Duplicate, again.Duplicate).ShouldBe((false, false, true));
        foreach (var client in clients)
        {
            var push = await client.NextPushAsync("msg");
            (push.Message, push.Data.GetProperty("mseq").GetInt64(), push.Data.GetProperty("epoch").GetString()).ShouldBe(("one", 1L, first.Epoch));
            (await client.NextPushAsync("msg")).Message.ShouldBe("two");
            (await client.NextPushAsync("msg")).Message.ShouldBe("three");
        }
    }

    [Fact]
    public async Task Should_leave_out_all_connections_of_the_excluded_user_when_it_pushes_to_a_room()
    {
        var excluded = await _node.Level2Async("excl-a", "device-excl-a", "r:excl");
        var other = await _node.Level2Async("excl-b", "device-excl-b", "r:excl");

        var result = await Broker.PushToConversationAsync(Pushes.ToRoom("r:excl", "not for a", exclude: "excl-a"), default);

        result.Nodes.ShouldBe([new NodeFanout("n1", 1, 1, 0)]);
        await other.NextPushAsync("msg");
        await excluded.AskAsync("1", "ping");
        excluded.Count(message => message.Cmd == "msg").ShouldBe(0);
    }

    [Fact]
    public async Task Should_count_nobody_when_a_room_has_no_members()
    {
        var result = await Broker.PushToConversationAsync(Pushes.ToRoom("r:nobody", "hello?"), default);

        (result.Partial, result.Nodes.Sum(node => node.Members)).ShouldBe((false, 0));
    }

    [Fact]
    public async Task Should_reach_every_connection_of_the_platforms_when_it_broadcasts()
    {
        var web = await _node.Level2Async("cast-a", "device-cast-a");
        var old = await _node.Level0Async("cast-b");

        var all = await Broker.BroadcastAsync(new AppPush(Pushes.App, "system", "text", "to all", null, [], TimeSpan.FromSeconds(20)), default);
        var some = await Broker.BroadcastAsync(new AppPush(Pushes.App, "system", "text", "to web", null, ["web"], TimeSpan.FromSeconds(20)), default);

        (await web.NextPushAsync("msg")).Message.ShouldBe("to all");
        (await web.NextPushAsync("msg")).Message.ShouldBe("to web");
        (await old.NextPushAsync("msg")).Message.ShouldBe("to all");
        all.Nodes.Single().Members.ShouldBeGreaterThan(some.Nodes.Single().Members);
        await old.AskAsync("1", "ping");
        old.Count(message => message.Cmd == "msg").ShouldBe(1);
    }
}
