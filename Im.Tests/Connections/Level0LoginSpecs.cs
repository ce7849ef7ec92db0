using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Connections;

[Collection(ActorNodeTests.Name)]
public sealed class Level0LoginSpecs(ActorNodeFixture fixture)
{
    private readonly ActorNode _node = fixture.Node;

    [Fact]
    public async Task Should_give_everybody_one_enter_for_every_login_ordered_after_its_own_when_200_log_in_at_once()
    {
        const int Count = 200;
        var clients = Enumerable.Range(0, Count).Select(_ => _node.Connect()).ToArray();
        await Task.WhenAll(clients.Select((client, i) => Task.Run(() => client.LoginLevel0Async($"crowd-{i}", 102))));

        await Until.TrueAsync(() => clients.Sum(client => Enters(client).Length) >= Count * (Count - 1) / 2);
        foreach (var client in clients)
        {
            client.All[0].IsPush.ShouldBeFalse("an enter came before the reply");
            Enters(client).ShouldBeUnique();
        }

        // Who is first sees all others enter, the next one all but the first, and so on: one order, the same for all.
        var order = clients.Select((client, i) => (Name: $"crowd-{i}", Seen: Enters(client))).OrderByDescending(client => client.Seen.Length).ToArray();
        for (var place = 0; place < Count; place++) order[place].Seen.ShouldBe(order.Skip(place + 1).Select(client => client.Name));
        foreach (var client in clients) client.Cut();
    }

    [Fact]
    public async Task Should_announce_an_exit_once_when_a_member_goes()
    {
        var (alice, bob) = (await _node.Level0Async("exit-a"), await _node.Level0Async("exit-b"));

        bob.Cut();

        // Others who were in this lobby may leave it meanwhile.
        var exit = await alice.NextAsync(message => message.Cmd == "exit" && message.From == "exit-b");
        exit.Message.ShouldBe("用户已经离开~");
        await alice.AskAsync("p", "ping");
        alice.Count(message => message.Cmd == "exit" && message.From == "exit-b").ShouldBe(1);
        alice.Cut();
    }

    [Fact]
    public async Task Should_write_the_seeds_enter_when_a_member_comes()
    {
        var alice = await _node.Level0Async("shape-a");

        await _node.Level0Async("shape-b");

        var enter = await alice.NextAsync(message => message.Cmd == "enter" && message.From == "shape-b");
        const string Rest = """
            ","cmd":"enter","response":{"code":200,"codeMsg":"Ok","data":{"target":"","type":"text","msg":"哈喽~","from":"shape-b"}}}
            """;
        enter.Text.ShouldBe("{\"seq\":\"" + enter.Seq + Rest);
    }

    [Fact]
    public async Task Should_keep_the_user_in_the_room_when_one_of_two_connections_goes()
    {
        var watcher = await _node.Level0Async("two-w");
        var (first, second) = (await _node.Level0Async("two-a"), await _node.Level0Async("two-a"));
        first.Cut();
        var other = await _node.Level0Async("two-b");

        await watcher.NextAsync(message => message.Cmd == "enter" && message.From == "two-b");
        watcher.Count(message => message.Cmd == "enter" && message.From == "two-a").ShouldBe(2);
        watcher.Count(message => message.Cmd == "exit" && message.From == "two-a").ShouldBe(0);
        second.Cut();
        await watcher.NextAsync(message => message.Cmd == "exit" && message.From == "two-a");
        other.Cut();
    }

    [Fact]
    public async Task Should_push_nothing_of_its_own_when_a_user_logs_in_twice()
    {
        var first = await _node.Level0Async("own-a");
        await _node.Level0Async("own-a");
        await _node.Level0Async("own-b");

        await first.NextAsync(message => message.Cmd == "enter" && message.From == "own-b");
        first.Count(message => message.Cmd == "enter" && message.From == "own-a").ShouldBe(0);
    }

    [Theory]
    [InlineData("""{"userId":"","appId":101}""", 1002)]
    [InlineData("""{"userId":"12345678901234567890","appId":101}""", 1002)]
    [InlineData("""{"userId":"北宋善画的李伯时","appId":101}""", 1002)]
    [InlineData("""{"userId":"a|b","appId":101}""", 1002)]
    [InlineData("""{"userId":"refused","appId":999}""", 1003)]
    [InlineData("""{"userId":"refused","appId":"101"}""", 1001)]
    [InlineData("""{"userId":7,"appId":101}""", 1001)]
    [InlineData("""[1]""", 1001)]
    [InlineData("""null""", 1002)]
    public async Task Should_refuse_a_login_in_the_seeds_order_when_it_is_wrong(string data, int code)
    {
        var client = _node.Connect();

        (await client.AskAsync("1", "login", data)).Code.ShouldBe(code);
        (await client.AskAsync("2", "heartbeat", "{}")).Code.ShouldBe(1000);
        client.Cut();
    }

    [Fact]
    public async Task Should_answer_1009_when_a_connection_logs_in_twice()
    {
        var client = await _node.Level0Async("twice");

        (await client.LoginLevel0Async("twice-b")).Code.ShouldBe(1009);
    }

    [Fact]
    public async Task Should_answer_as_the_seed_when_a_command_is_unknown_or_illegal()
    {
        var client = _node.Connect();
        client.Send("no json");
        (await client.NextAsync(_ => true)).Text.ShouldBe("数据不合法");

        (await client.AskAsync("1", "ping", "[1]")).Text.ShouldBe("""{"seq":"1","cmd":"ping","response":{"code":200,"codeMsg":"Success","data":"pong"}}""");
        client.Send("{}");
        (await client.NextAsync(_ => true)).Text.ShouldBe("""{"seq":"","cmd":"","response":{"code":1010,"codeMsg":"路由不存在","data":null}}""");
        client.Send("""{"seq":"b","cmd":"ping"}""", binary: true);
        (await client.NextAsync(_ => true)).Code.ShouldBe(200);
        client.Cut();
    }

    [Fact]
    public async Task Should_answer_1010_when_a_level_0_client_uses_a_command_of_level_2()
    {
        var client = await _node.Level0Async("old");

        (await client.AskAsync("1", "join", """{"conv":"r:a"}""")).Code.ShouldBe(1010);
    }

    private static string[] Enters(MemoryClient client) => [.. client.All.Where(message => message.Cmd == "enter").Select(message => message.From)];
}
