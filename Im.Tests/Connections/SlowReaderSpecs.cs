using Im.Actors.Connections;
using Im.Actors.Conversations;
using Im.Actors.Edge;
using Im.Tests.Edge;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Connections;

/// <summary>A node whose outbound bound is 20 frames and whose rooms are large from 5 members on.</summary>
[Collection(ActorNodeTests.Name)]
public sealed class SlowReaderSpecs : IAsyncLifetime
{
    private ActorNode _node = null!;

    public async Task InitializeAsync() => _node = await ActorNode.StartAsync(
        new ConnectionLimits { OutboundMaxFramesCount = 20, CloseTimeoutMs = 200 },
        ConversationSettings.Default with { CountThreshold = 4, CountInterval = TimeSpan.FromMilliseconds(100) });

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task Should_delay_nobody_and_tell_the_slow_one_once_to_sync_when_it_has_drained()
    {
        var fast = await _node.Level2Async("fast", "device-fast", "r:slow");
        var slow = await _node.Level2Async("slow", "device-slow", "r:slow");
        slow.Transport.TakeOnly(0);

        var results = new List<FanoutResult>();
        for (var i = 1; i <= 60; i++) results.Add(await _node.Broker.PushToConversationAsync(Pushes.ToRoom("r:slow", $"{i}"), default));

        for (var i = 1; i <= 60; i++) (await fast.NextPushAsync("msg")).Data.GetProperty("mseq").GetInt64().ShouldBe(i);
        results[^1].Nodes.Single().ShouldBe(new NodeFanout("n1", 2, 1, 1));
        slow.Transport.MakeRoom();

        var sync = await slow.NextPushAsync("sync_required");
        sync.Data.GetProperty("convs").EnumerateArray().Select(conv => conv.GetString()).ShouldBe(["r:slow"]);
        await slow.AskAsync("1", "ping");
        slow.Count(message => message.Cmd == "sync_required").ShouldBe(1);
        var got = slow.All.Where(message => message.Cmd == "msg").Select(message => int.Parse(message.Message, null)).ToArray();
        got.ShouldBe(Enumerable.Range(1, got.Length));
        got.Length.ShouldBeInRange(1, 20);
    }

    [Fact]
    public async Task Should_close_with_4203_and_leave_nothing_when_the_slow_one_is_level_0()
    {
        var fast = await _node.Level0Async("fast-0");
        var slow = await _node.Level0Async("slow-0");
        slow.Transport.TakeOnly(0);

        for (var i = 1; i <= 40; i++) await _node.Broker.PushToConversationAsync(Pushes.ToRoom("r:lobby", $"{i}"), default);

        (await slow.ClosedAsync()).ShouldBe(4203);
        (await fast.NextPushAsync("exit")).From.ShouldBe("slow-0");
        fast.Count(message => message.Cmd == "msg").ShouldBe(40);
        await Until.TrueAsync(() => _node.Hub.Table.Count == 1);
    }

    [Fact]
    public async Task Should_say_pending_slow_at_once_when_a_users_socket_is_full()
    {
        var client = await _node.Level2Async("full", "device-full");
        client.Transport.TakeOnly(0);
        var waiting = Enumerable.Range(0, 20).Select(i => _node.Broker.PushToUserAsync(Pushes.ToUser("full", $"{i}", seconds: 60), default)).ToArray();
        await Until.TrueAsync(async () => (await _node.Broker.PushToUserAsync(Pushes.ToUser("full", "probe", seconds: 0.2), default)).Devices.Single().Why == "slow");

        var result = await _node.Broker.PushToUserAsync(Pushes.ToUser("full", "one too many"), default);

        (result.State, result.Devices.Single().Why).ShouldBe((DeliveryState.Pending, "slow"));
        client.Transport.MakeRoom();
        foreach (var push in waiting) (await push).State.ShouldBe(DeliveryState.Written);
    }

    [Fact]
    public async Task Should_count_for_level_2_and_name_for_level_0_when_a_room_is_large()
    {
        var old = await _node.Level0Async("big-0");
        var modern = await _node.Level2Async("big-2", "device-big", "r:lobby");
        for (var i = 1; i <= 6; i++) await _node.Level0Async($"big-late-{i}");

        await old.NextAsync(message => message.Cmd == "enter" && message.From == "big-late-6");
        var count = await modern.NextAsync(message => message.Cmd == "count" && message.Data.GetProperty("members").GetInt32() == 8);
        count.Data.GetProperty("conv").GetString().ShouldBe("r:lobby");
        old.Count(message => message.Cmd == "enter" && message.From.StartsWith("big-late", StringComparison.Ordinal)).ShouldBe(6);
        modern.Count(message => message.Cmd == "enter").ShouldBe(2);
    }
}
