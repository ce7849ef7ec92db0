using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.EndToEnd;

/// <summary>What the members of an app's lobby see of each other at level 0.</summary>
public sealed class Level0RoomSpecs(Level0Node node) : IClassFixture<Level0Node>
{
    private readonly uint _app = node.NextApp();

    [Fact]
    public async Task Should_tell_the_others_when_a_user_enters_and_leaves()
    {
        await using var alice = await LogInAsync("alice");
        await using var bob = await LogInAsync("马远");

        (await alice.ReceiveAsync()).ShouldNotBeNull().ShouldMatch(Push("enter", "哈喽~", "马远"));
        (await bob.DrainAsync()).ShouldBeEmpty();

        await bob.CloseAsync();

        (await alice.ReceiveAsync()).ShouldNotBeNull().ShouldMatch(Push("exit", "用户已经离开~", "马远"));
        (await alice.DrainAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Should_tell_the_others_when_a_connection_breaks()
    {
        await using var alice = await LogInAsync("alice");
        var bob = await LogInAsync("bob");

        await bob.DisposeAsync();

        (await alice.ReceiveUntilAsync(static frame => frame.Contains("\"exit\"", StringComparison.Ordinal))).ShouldMatch(Push("exit", "用户已经离开~", "bob"));
    }

    [Fact]
    public async Task Should_escape_as_the_seed_when_a_name_holds_markup()
    {
        await using var alice = await LogInAsync("alice");
        await using var other = await LogInAsync("<b>&");

        (await alice.ReceiveAsync()).ShouldNotBeNull().ShouldMatch(Push("enter", "哈喽~", @"\\u003cb\\u003e\\u0026"));
    }

    [Fact]
    public async Task Should_tell_nobody_else_when_a_user_enters_another_app()
    {
        await using var alice = await LogInAsync("alice");
        await using var visitor = await ChatSocket.ConnectAsync(node.WebSocket);
        await using var bob = await ChatSocket.LogInAsync(node.WebSocket, node.NextApp(), "bob");
        await using var carol = await LogInAsync("carol");

        (await alice.ReceiveAsync()).ShouldNotBeNull().ShouldMatch(Push("enter", "哈喽~", "carol"));
        (await visitor.DrainAsync()).ShouldBeEmpty();
        (await bob.DrainAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Should_reach_both_devices_when_a_user_is_logged_in_twice()
    {
        await using var first = await LogInAsync("alice");
        await using var second = await LogInAsync("alice");
        await using var bob = await LogInAsync("bob");

        var enter = Push("enter", "哈喽~", "bob");
        (await first.ReceiveUntilAsync(static frame => frame.Contains("bob", StringComparison.Ordinal))).ShouldMatch(enter);
        (await second.ReceiveUntilAsync(static frame => frame.Contains("bob", StringComparison.Ordinal))).ShouldMatch(enter);
    }

    [Fact]
    public async Task Should_tell_a_login_of_the_same_user_to_neither_of_its_devices()
    {
        await using var first = await LogInAsync("alice");
        await using var second = await LogInAsync("alice");
        await using var bob = await LogInAsync("bob");

        await first.ReceiveUntilAsync(static frame => frame.Contains("bob", StringComparison.Ordinal));
        (await second.ReceiveAsync()).ShouldNotBeNull().ShouldMatch(Push("enter", "哈喽~", "bob"));
    }

    [Fact]
    public async Task Should_keep_a_user_in_the_room_when_one_of_two_devices_leaves()
    {
        await using var first = await LogInAsync("alice");
        await using var second = await LogInAsync("alice");
        await using var bob = await LogInAsync("bob");

        await first.CloseAsync();
        await using var carol = await LogInAsync("carol");

        (await second.ReceiveUntilAsync(static frame => frame.Contains("carol", StringComparison.Ordinal))).ShouldMatch(Push("enter", "哈喽~", "carol"));
        (await node.UsersAsync(_app)).ShouldBe(["alice", "bob", "carol"]);
    }

    [Fact]
    public async Task Should_say_each_login_once_to_everybody_before_it_when_50_log_in_at_once()
    {
        // The owner of a room starts with its first login, so each round has a room of its own.
        const int Rounds = 10;
        for (var round = 0; round < Rounds; round++) await LogInAtOnceAsync(node.NextApp(), 50);
    }

    private async Task LogInAtOnceAsync(uint app, int count)
    {
        var users = Enumerable.Range(0, count).Select(static i => $"u{i:d2}").ToList();
        var sockets = await Task.WhenAll(users.Select(_ => ChatSocket.ConnectAsync(node.WebSocket)));
        var seen = await Task.WhenAll(sockets.Zip(users, (socket, user) => LogInAndListAsync(socket, app, user)));

        // Comes after all others: who has seen it has seen every enter before.
        await using var last = await ChatSocket.LogInAsync(node.WebSocket, app, "last");
        var entered = await Task.WhenAll(sockets.Zip(seen, static async (socket, early) =>
        {
            var frames = new List<string>(early.Frames);
            await socket.ReceiveUntilAsync(frame => { frames.Add(frame); return IsLast(frame); });
            return frames.Select(From).Where(static user => user != "last").ToList();
        }));

        for (var i = 0; i < count; i++)
        {
            entered[i].ShouldBeUnique();
            entered[i].ShouldNotContain(users[i]);
            entered[i].Concat(seen[i].Listed).Distinct().Order(StringComparer.Ordinal).ShouldBe(users);
        }

        // One order for all: who was first sees all others enter, who was last sees none.
        entered.Select(static each => each.Count).Order().ShouldBe(Enumerable.Range(0, count));
        foreach (var socket in sockets) await socket.DisposeAsync();
    }

    private static bool IsLast(string frame) => From(frame) == "last";

    private static string From(string frame) => frame[(frame.IndexOf("\"from\":\"", StringComparison.Ordinal) + 8)..frame.LastIndexOf('"')];

    private static string Push(string cmd, string text, string from) =>
        $$$$"""^\{"seq":"[^"]+","cmd":"{{{{cmd}}}}","response":\{"code":200,"codeMsg":"Ok","data":\{"target":"","type":"text","msg":"{{{{text}}}}","from":"{{{{from}}}}"\}\}\}$""";

    private async Task<(IReadOnlyList<string> Frames, IReadOnlyList<string> Listed)> LogInAndListAsync(ChatSocket socket, uint app, string user)
    {
        await socket.SendAsync($$$"""{"seq":"login","cmd":"login","data":{"userId":"{{{user}}}","appId":{{{app}}}}}""");
        var before = new List<string>();
        var reply = await socket.ReceiveUntilAsync(frame => { before.Add(frame); return frame.StartsWith("{\"seq\":\"login\"", StringComparison.Ordinal); });
        reply.ShouldContain("\"code\":200");
        before.Remove(reply);
        return (before, await node.UsersAsync(app));
    }

    private Task<ChatSocket> LogInAsync(string user) => ChatSocket.LogInAsync(node.WebSocket, _app, user);
}
