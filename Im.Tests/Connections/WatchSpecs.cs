using System.Text.Json;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Connections;

[Collection(ActorNodeTests.Name)]
public sealed class WatchSpecs(ActorNodeFixture fixture)
{
    private readonly ActorNode _node = fixture.Node;

    [Fact]
    public async Task Should_tell_how_each_user_is_when_a_list_is_watched()
    {
        var bob = await _node.Level2Async("watch-bob", "device-bob");
        var old = await _node.Level0Async("watch-old");
        var alice = await _node.Level2Async("watch-alice", "device-alice");

        var users = (await alice.AskAsync("w", "watch", """{"users":["watch-bob","watch-old","watch-nobody","watch-bob"]}""")).Data.GetProperty("users");

        users.GetRawText().ShouldBe(
            """[{"user":"watch-bob","state":"online","platforms":["web"]},{"user":"watch-old","state":"online","platforms":[]},{"user":"watch-nobody","state":"offline","platforms":[]}]""");
        bob.Cut();
        old.Cut();
        alice.Cut();
    }

    [Fact]
    public async Task Should_push_coming_and_going_and_when_it_was_when_a_watched_user_changes()
    {
        var alice = await _node.Level2Async("come-alice", "device-alice");
        await alice.AskAsync("w", "watch", """{"users":["come-bob"]}""");

        var bob = await _node.Level2Async("come-bob", "device-bob");
        State(await alice.NextPushAsync("presence")).ShouldBe(("come-bob", "online"));
        bob.Cut();

        var gone = await alice.NextPushAsync("presence");
        State(gone).ShouldBe(("come-bob", "offline"));
        gone.Data.GetProperty("lastSeen").GetInt64().ShouldBeGreaterThan(1_700_000_000_000);
        alice.Cut();
    }

    [Fact]
    public async Task Should_know_from_the_store_when_a_user_was_last_seen()
    {
        var bob = await _node.Level2Async("seen-bob", "device-bob");
        var alice = await _node.Level2Async("seen-alice", "device-alice");
        bob.Cut();

        await Until.TrueAsync(async () =>
        {
            var user = (await alice.AskAsync("w", "watch", """{"users":["seen-bob"]}""")).Data.GetProperty("users")[0];
            await alice.AskAsync("e", "watch", """{"users":[]}""");
            return user.GetProperty("state").GetString() == "offline" && user.TryGetProperty("lastSeen", out _);
        });
        alice.Cut();
    }

    [Fact]
    public async Task Should_tell_of_the_new_list_alone_when_another_is_watched()
    {
        var alice = await _node.Level2Async("list-alice", "device-alice");
        await alice.AskAsync("w1", "watch", """{"users":["list-bob"]}""");
        (await alice.AskAsync("w2", "watch", """{"users":["list-carol"]}""")).Data.GetProperty("users").GetArrayLength().ShouldBe(1);

        var bob = await _node.Level2Async("list-bob", "device-bob");
        var carol = await _node.Level2Async("list-carol", "device-carol");

        State(await alice.NextPushAsync("presence")).ShouldBe(("list-carol", "online"));
        alice.Count(message => message.Cmd == "presence" && message.Data.GetProperty("user").GetString() == "list-bob").ShouldBe(0);
        bob.Cut();
        carol.Cut();
        alice.Cut();
    }

    [Fact]
    public async Task Should_leave_no_session_behind_when_a_watcher_goes()
    {
        var alice = await _node.Level2Async("left-alice", "device-alice");
        var users = JsonSerializer.Serialize(Enumerable.Range(0, 200).Select(i => $"left-{i}"));
        await alice.AskAsync("w", "watch", $$"""{"users":{{users}}}""");
        _node.Actors.Sessions.ShouldBeGreaterThanOrEqualTo(200);

        alice.Cut();

        await Until.TrueAsync(() => _node.Actors.Sessions < 100, () => $"{_node.Actors.Sessions} sessions are left");
    }

    [Theory]
    [InlineData("{}", 1001)]
    [InlineData("""{"users":null}""", 1001)]
    [InlineData("""{"users":"bob"}""", 1001)]
    [InlineData("""{"users":["bob",7]}""", 1001)]
    [InlineData("""{"users":[["bob"]]}""", 1001)]
    [InlineData("""["bob"]""", 1001)]
    [InlineData("""{"users":["a|b"]}""", 1002)]
    [InlineData("""{"users":[""]}""", 1002)]
    public async Task Should_name_the_member_when_the_list_is_wrong(string data, int code)
    {
        var client = await _node.Level2Async("wrong-list", "device-wrong");

        var reply = await client.AskAsync("w", "watch", data);

        (reply.Code, reply.Data.GetProperty("field").GetString()).ShouldBe((code, "users"));
        client.Cut();
    }

    [Fact]
    public async Task Should_answer_1014_when_the_list_is_longer_than_200()
    {
        var client = await _node.Level2Async("long-list", "device-long");
        var users = JsonSerializer.Serialize(Enumerable.Range(0, 201).Select(i => $"u{i}"));

        (await client.AskAsync("w", "watch", $$"""{"users":{{users}}}""")).Code.ShouldBe(1014);
        client.Cut();
    }

    [Fact]
    public async Task Should_answer_1009_to_a_token_when_nobody_is_asked_for_one()
    {
        var client = await _node.Level2Async("guest-token", "device-guest");

        (await client.AskAsync("t", "token", """{"serviceToken":"x"}""")).Code.ShouldBe(1009);
        client.Cut();
    }

    private static (string?, string?) State(Received push) => (push.Data.GetProperty("user").GetString(), push.Data.GetProperty("state").GetString());
}
