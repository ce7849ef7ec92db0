using Im.Actors.Conversations;
using Im.Actors.Edge;
using Im.Protocol.Names;
using Im.Tests.Edge;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Serialization;

/// <summary>
/// A node whose every message that is not marked local is written and read again on its way, so that one without a form on the wire, or
/// with one that loses something, shows without a second node.
/// </summary>
public sealed class SerializedMessagesSpecs : IAsyncLifetime
{
    private const string Profile = """
        akka.actor {
          serialize-messages = on
          serialization-settings.allow-unregistered-types = true
          serializers.json = "Im.Tests.Serialization.PassThroughSerializer, Im.Tests"
        }
        """;

    private ActorNode _node = null!;

    public async Task InitializeAsync() => _node = await ActorNode.StartAsync(hocon: Profile);

    public async Task DisposeAsync()
    {
        await _node.DisposeAsync();
        _node.Refused.ShouldBeEmpty();
    }

    [Fact]
    public async Task Should_serve_every_kind_of_conversation()
    {
        var ann = await _node.Level2Async("ser-ann", "device-ser-ann", "r:ser");
        var ben = await _node.Level2Async("ser-ben", "device-ser-ben", "r:ser");
        var old = await _node.Level0Async("ser-old");

        await ann.AskAsync("1", "msg", """{"conv":"r:ser","type":"text","msg":"to the room","cid":"c-1"}""");
        (await ben.NextPushAsync("msg")).Message.ShouldBe("to the room");
        await ben.AskAsync("2", "msg", """{"conv":"p:ser-ann|ser-ben","type":"text","msg":"to one","cid":"c-2"}""");
        (await ann.NextPushAsync("msg")).Message.ShouldBe("to one");
        await ann.AskAsync("3", "typing", """{"conv":"p:ser-ann|ser-ben","state":"start"}""");
        await ben.NextPushAsync("typing");
        await ann.AskAsync("4", "recall", """{"conv":"p:ser-ann|ser-ben","mseq":1,"cid":"c-3"}""");
        await _node.Broker.ChangeGroupAsync(Pushes.Group("ser", new GroupChange.Create("Team", ["ser-ann", "ser-ben"])), default);
        await ben.NextPushAsync("event");
        await ann.AskAsync("5", "msg", """{"conv":"g:ser","type":"text","msg":"to the group","cid":"c-4"}""");
        (await ben.NextPushAsync("msg")).Message.ShouldBe("to the group");
        (await _node.Broker.PushToConversationAsync(Pushes.ToRoom("r:ser", "pushed"), default)).Nodes.Sum(node => node.Queued).ShouldBe(2);
        await ben.AskAsync("6", "leave", """{"conv":"r:ser"}""");
        (await ann.NextPushAsync("exit")).From.ShouldBe("ser-ben");
        (await old.AskAsync("7", "ping")).Code.ShouldBe(200);
    }

    [Fact]
    public async Task Should_serve_pushes_presence_and_operators()
    {
        var ann = await _node.Level2Async("op-ann", "device-op-ann");
        await ann.AskAsync("w", "watch", """{"users":["op-ben"]}""");
        var ben = await _node.Level2Async("op-ben", "device-op-ben");
        (await ann.NextPushAsync("presence")).Data.GetProperty("state").GetString().ShouldBe("online");

        (await _node.Broker.PushToUserAsync(Pushes.ToUser("op-ben", "now", key: "k-1"), default)).State.ShouldBe(DeliveryState.Written);
        (await _node.Broker.PushToUserAsync(Pushes.Stored("op-ben", "kept", waitFor: WaitFor.Written), default)).State.ShouldBe(DeliveryState.Written);
        (await _node.Broker.QueryOnlineAsync(Pushes.App, [new UserId("op-ben")], default)).Single().Online.ShouldBe(true);
        (await _node.Broker.ListUsersAsync(Pushes.App, null, 10, null, default)).Users.Count.ShouldBe(2);
        (await _node.Broker.ListConnectionsAsync(Pushes.App, new UserId("op-ben"), default)).Connections.Count.ShouldBe(1);
        (await _node.Broker.GetStateAsync(10, default)).Count.ShouldBe(1);
        var again = await _node.Level2Async("op-ben", "device-op-ben");
        (await ben.ClosedAsync()).ShouldBe(4006);
        await _node.Broker.KickAsync(Pushes.App, new UserId("op-ben"), [], "spam", Pushes.Timeout, default);
        (await again.ClosedAsync()).ShouldBe(4005);
    }
}
