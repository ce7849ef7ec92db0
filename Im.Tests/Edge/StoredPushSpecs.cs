using Im.Actors.Conversations.Store;
using Im.Actors.Edge;
using Im.Protocol;
using Im.Protocol.Names;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Edge;

/// <summary>A push is in the inbox before it is answered, once, and the answer says what was observed.</summary>
[Collection(ActorNodeTests.Name)]
public sealed class StoredPushSpecs : IAsyncLifetime
{
    private ActorNode _node = null!;

    private IBroker Broker => _node.Broker;

    public async Task InitializeAsync() => _node = await ActorNode.StartAsync();

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task Should_say_stored_and_show_it_at_the_next_login_when_the_user_is_offline()
    {
        var result = await Broker.PushToUserAsync(Pushes.Stored("alice", "shipped"), default);

        (result.State, result.Epoch, result.Mseq, result.Duplicate).ShouldBe((DeliveryState.Stored, "k1", 1L, false));
        var login = await _node.Connect().LoginLevel2Async("alice", "device-alice");
        var inbox = login.Data.GetProperty("convs").EnumerateArray().Single(conv => conv.GetProperty("conv").GetString() == "u:alice");
        inbox.GetProperty("head").GetInt64().ShouldBe(1);
        inbox.GetProperty("unread").GetInt64().ShouldBe(1);
        inbox.GetProperty("last").GetProperty("msg").GetString().ShouldBe("shipped");
        inbox.GetProperty("last").GetProperty("from").GetString().ShouldBe("system");
    }

    [Fact]
    public async Task Should_say_written_for_each_device_when_it_waits_for_that()
    {
        var web = await _node.Level2Async("written", "device-written");
        var old = await _node.Level0Async("written");

        var result = await Broker.PushToUserAsync(Pushes.Stored("written", "hello", waitFor: WaitFor.Written), default);

        (result.State, result.Mseq).ShouldBe((DeliveryState.Written, 1L));
        result.Devices.Select(device => (device.Device, device.State)).ShouldBe(
            [("device-written", DeliveryState.Written), (old.Slot.ConnectionId, DeliveryState.Written)], ignoreOrder: true);
        var push = await web.NextPushAsync("msg");
        (push.Seq, push.Data.GetProperty("conv").GetString(), push.Data.GetProperty("mseq").GetInt64()).ShouldBe((result.MessageId, "u:written", 1L));
        (await old.NextPushAsync("msg")).Message.ShouldBe("hello");
    }

    [Fact]
    public async Task Should_say_acked_when_a_device_confirms_it()
    {
        var client = await _node.Level2Async("acked", "device-acked");
        var pushing = Broker.PushToUserAsync(Pushes.Stored("acked", "hello", waitFor: WaitFor.Acked), default);
        await client.NextPushAsync("msg");
        pushing.IsCompleted.ShouldBeFalse();

        await client.AskAsync("ack", "ack", """{"acks":{"u:acked":1}}""");

        var result = await pushing;
        (result.State, result.Devices.Single().State).ShouldBe((DeliveryState.Acked, DeliveryState.Acked));
    }

    [Fact]
    public async Task Should_say_what_was_reached_when_the_time_is_up_before_an_ack()
    {
        await _node.Level2Async("late", "device-late");

        var result = await Pushes.ByItsTimeAsync(
            seconds => Broker.PushToUserAsync(Pushes.Stored("late", "hello", waitFor: WaitFor.Acked, seconds: seconds), default), result => result.State == DeliveryState.Written);

        (result.Code, result.State).ShouldBe((ReplyCode.Success, DeliveryState.Written));
    }

    [Fact]
    public async Task Should_answer_at_once_when_it_waits_for_an_ack_and_nobody_is_there()
    {
        var result = await Broker.PushToUserAsync(Pushes.Stored("nobody", "hello", waitFor: WaitFor.Acked, seconds: 3600), default).WaitAsync(TimeSpan.FromSeconds(60));

        (result.State, result.Devices.Count).ShouldBe((DeliveryState.Stored, 0));
    }

    [Fact]
    public async Task Should_send_only_to_the_platforms_and_store_for_all()
    {
        var web = await _node.Level2Async("platform", "device-platform");

        var result = await Broker.PushToUserAsync(Pushes.Stored("platform", "for phones", waitFor: WaitFor.Written, platforms: ["ios"]), default);

        (result.State, result.Devices.Count).ShouldBe((DeliveryState.Stored, 0));
        (await web.AskAsync("h", "history", """{"conv":"u:platform"}""")).Data.GetProperty("msgs").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task Should_answer_the_first_push_and_its_delivery_when_a_key_is_repeated()
    {
        var client = await _node.Level2Async("dup", "device-dup");
        var first = await Broker.PushToUserAsync(Pushes.Stored("dup", "once", key: "k", waitFor: WaitFor.Written), default);

        var again = await Broker.PushToUserAsync(Pushes.Stored("dup", "once", key: "k"), default);

        (again.Duplicate, again.MessageId, again.Mseq, again.State).ShouldBe((true, first.MessageId, first.Mseq, DeliveryState.Written));
        await client.AskAsync("1", "ping");
        client.Count(message => message.Cmd == "msg").ShouldBe(1);
    }

    [Fact]
    public async Task Should_refuse_when_a_key_is_used_for_other_content_and_take_it_from_another_sender()
    {
        await Broker.PushToUserAsync(Pushes.Stored("conflict", "one", key: "k"), default);

        var other = await Broker.PushToUserAsync(Pushes.Stored("conflict", "two", key: "k"), default);
        var stranger = await Broker.PushToUserAsync(Pushes.Stored("conflict", "two", key: "k") with { Sender = "api:other" }, default);

        (other.Code, other.Mseq).ShouldBe((ReplyCode.IdempotencyConflict, 0L));
        (stranger.Code, stranger.Mseq).ShouldBe((ReplyCode.Success, 2L));
    }

    [Fact]
    public async Task Should_say_that_nothing_was_stored_when_the_store_takes_nothing()
    {
        _node.Store.IsAvailable = false;

        var result = await Pushes.ByItsTimeAsync(seconds => Broker.PushToUserAsync(Pushes.Stored("away", "hello", seconds: seconds), default), result => result.Code == ReplyCode.Overloaded);

        result.Code.ShouldBe(ReplyCode.Overloaded);
        _node.Store.IsAvailable = true;
        (await HistoryAsync("u:away")).Head.ShouldBe(0);
    }

    [Fact]
    public async Task Should_be_stored_when_the_store_comes_back_before_the_time_is_up()
    {
        _node.Store.IsAvailable = false;
        var pushing = Broker.PushToUserAsync(Pushes.Stored("back", "hello"), default);
        await Broker.PushToUserAsync(Pushes.Stored("back", "other", seconds: 0.3), default);
        pushing.IsCompleted.ShouldBeFalse();

        _node.Store.IsAvailable = true;

        (await pushing).Mseq.ShouldBe(1);
    }

    [Fact]
    public async Task Should_store_once_when_the_outcome_of_the_first_attempt_is_unknown()
    {
        await Broker.PushToUserAsync(Pushes.Stored("unsure", "before"), default);
        _node.Store.StoresUnknown = true;
        _node.Store.NextOutcome = AppendOutcome.Unknown;

        var result = await Broker.PushToUserAsync(Pushes.Stored("unsure", "hello"), default);

        (result.Code, result.Duplicate, result.Mseq).ShouldBe((ReplyCode.Success, false, 2L));
        (await HistoryAsync("u:unsure")).Head.ShouldBe(2);
    }

    [Fact]
    public async Task Should_say_that_the_outcome_is_unknown_when_no_answer_comes_and_find_it_by_the_key()
    {
        _node.Store.HoldsAppends = true;
        var result = await Broker.PushToUserAsync(Pushes.Stored("held", "hello", key: "k", seconds: 1), default);
        result.Code.ShouldBe(ReplyCode.OutcomeUnknown);

        _node.Store.Release();

        var again = await Broker.PushToUserAsync(Pushes.Stored("held", "hello", key: "k"), default);
        (again.Code, again.Mseq).ShouldBe((ReplyCode.Success, 1L));
        (await HistoryAsync("u:held")).Head.ShouldBe(1);
    }

    [Fact]
    public async Task Should_find_the_delivery_when_it_was_stored()
    {
        await _node.Level2Async("find", "device-find");
        var written = await Broker.PushToUserAsync(Pushes.Stored("find", "hello", waitFor: WaitFor.Written), default);

        var found = await Broker.FindDeliveryAsync(Pushes.App, written.MessageId, default);

        (found.Code, found.User, found.Conversation, found.Mseq, found.State).ShouldBe((ReplyCode.Success, "find", "u:find", 1L, DeliveryState.Written));
        found.Devices.Single().Device.ShouldBe("device-find");
    }

    [Fact]
    public async Task Should_find_no_delivery_when_there_was_none_or_the_store_is_away()
    {
        (await Broker.FindDeliveryAsync(Pushes.App, "01JD00000000000000000000AA", default)).Code.ShouldBe(ReplyCode.NoData);
        _node.Store.IsAvailable = false;
        (await Broker.FindDeliveryAsync(Pushes.App, "01JD00000000000000000000AA", default)).Code.ShouldBe(ReplyCode.Overloaded);
    }

    private Task<HistoryPage> HistoryAsync(string conversation) =>
        Broker.ReadHistoryAsync(new HistoryQuery(new ConversationKey(Pushes.App, new ConversationId(conversation)), null, null, null, 50), default);
}
