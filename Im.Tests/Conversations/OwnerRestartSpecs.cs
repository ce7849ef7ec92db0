using Akka.Actor;
using Akka.Cluster.Sharding;
using Im.Actors.Sessions;
using Im.Tests.Edge;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Conversations;

[Collection(ActorNodeTests.Name)]
public sealed class OwnerRestartSpecs(ActorNodeFixture fixture)
{
    private readonly ActorNode _node = fixture.Node;

    [Fact]
    public async Task Should_announce_every_later_enter_and_exit_once_when_the_owner_was_lost()
    {
        var alice = await _node.Level2Async("own-a", "device-own-a", "r:owner");
        var bob = await _node.Level2Async("own-b", "device-own-b", "r:owner");
        await StopAsync("conversation", "101/r:owner");

        var joins = Enumerable.Range(0, 20).Select(i => _node.Level2Async($"own-late-{i}", $"device-late-{i}", "r:owner")).ToArray();
        var late = await Task.WhenAll(joins);
        foreach (var client in late) client.Cut();

        foreach (var member in new[] { alice, bob })
        {
            await Until.TrueAsync(() => member.Count(message => message.Cmd == "exit") >= 20);
            Names(member, "enter").ShouldBe(late.Select((_, i) => $"own-late-{i}"), ignoreOrder: true);
            Names(member, "exit").ShouldBe(late.Select((_, i) => $"own-late-{i}"), ignoreOrder: true);
        }

        var members = (await alice.AskAsync("again", "join", """{"conv":"r:owner"}""")).Data.GetProperty("members").GetInt32();
        members.ShouldBe(2);
    }

    [Fact]
    public async Task Should_reach_the_members_when_the_owner_was_lost_and_a_message_comes_first()
    {
        var alice = await _node.Level2Async("msg-a", "device-msg-a", "r:owner-msg");
        await StopAsync("conversation", "101/r:owner-msg");

        var result = await _node.Broker.PushToConversationAsync(Pushes.ToRoom("r:owner-msg", "still here"), default);

        result.Nodes.Single().Queued.ShouldBe(1);
        (await alice.NextPushAsync("msg")).Message.ShouldBe("still here");
    }

    [Fact]
    public async Task Should_let_the_owner_go_when_the_last_member_has_left()
    {
        var alice = await _node.Level2Async("pass-a", "device-pass-a", "r:pass-1", "r:pass-2");

        await alice.AskAsync("1", "leave", """{"conv":"r:pass-1"}""");
        alice.Cut();

        await Until.TrueAsync(async () => !await LivesAsync("conversation", "101/r:pass-1") && !await LivesAsync("conversation", "101/r:pass-2"));
    }

    [Fact]
    public async Task Should_stay_reachable_when_the_session_is_stopped_with_a_connection_in_it()
    {
        var client = await _node.Level2Async("keep-a", "device-keep-a");
        var session = await FindAsync("session", "101|keep-a");

        _node.System.ActorSelection(session.Path.Parent).Tell(new Passivate(SessionActor.Stop.Instance), session);

        await Until.TrueAsync(async () => await CurrentAsync("session", "101|keep-a") is { } current && !current.Equals(session));
        (await _node.Broker.PushToUserAsync(Pushes.ToUser("keep-a", "hello"), default)).State.ShouldBe(Im.Actors.Edge.DeliveryState.Written);
        (await client.NextPushAsync("msg")).Message.ShouldBe("hello");
    }

    private static string[] Names(MemoryClient client, string cmd) =>
        [.. client.All.Where(message => message.Cmd == cmd && message.From.StartsWith("own-late", StringComparison.Ordinal)).Select(message => message.From)];

    private async Task StopAsync(string region, string entity)
    {
        // That nobody answers within the time of a look may be a busy machine; that it has ended is told.
        (await (await FindAsync(region, entity)).GracefulStop(TimeSpan.FromSeconds(60))).ShouldBeTrue();
        await Until.TrueAsync(async () => !await LivesAsync(region, entity));
    }

    private async Task<IActorRef> FindAsync(string region, string entity)
    {
        IActorRef? found = null;
        await Until.TrueAsync(async () => (found = await CurrentAsync(region, entity)) is not null);
        return found!;
    }

    private async Task<bool> LivesAsync(string region, string entity) => await CurrentAsync(region, entity) is not null;

    private async Task<IActorRef?> CurrentAsync(string region, string entity)
    {
        try
        {
            return await _node.System.ActorSelection($"/system/sharding/{region}/*/{Uri.EscapeDataString(entity)}").ResolveOne(TimeSpan.FromMilliseconds(200));
        }
        catch (ActorNotFoundException)
        {
            return null;
        }
    }
}
