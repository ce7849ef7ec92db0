using Im.Tests.Edge;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Connections;

[Collection(ActorNodeTests.Name)]
public sealed class Level2LoginSpecs(ActorNodeFixture fixture)
{
    private readonly ActorNode _node = fixture.Node;

    [Fact]
    public async Task Should_tell_the_limits_and_no_conversation_when_a_login_carries_no_cursor()
    {
        var client = _node.Connect();

        var data = (await client.LoginLevel2Async("l2-a", "device-l2-a")).Data;

        data.GetProperty("user").GetString().ShouldBe("l2-a");
        data.GetProperty("session").GetString()!.ShouldStartWith("n1-");
        data.GetProperty("hb").GetProperty("intervalMs").GetInt32().ShouldBe(30_000);
        data.GetProperty("limits").GetProperty("frame").GetInt32().ShouldBe(65_536);
        data.GetProperty("convs").GetArrayLength().ShouldBe(0);
    }

    [Theory]
    [InlineData("""{"v":2,"userId":"x","appId":101,"device":"short","platform":"web"}""", 1001, "device")]
    [InlineData("""{"v":2,"userId":"x","appId":101,"device":"device-xx","platform":"fridge"}""", 1001, "platform")]
    [InlineData("""{"v":2,"userId":"","appId":101,"device":"device-xx","platform":"web"}""", 1002, "userId")]
    [InlineData("""{"v":2,"userId":"x","appId":9,"device":"device-xx","platform":"web"}""", 1003, "appId")]
    [InlineData("""{"v":2,"userId":"x","appId":101,"device":"device-xx","platform":"web","cursors":{"nonsense":["e",1]}}""", 1001, "cursors")]
    [InlineData("""{"v":3,"userId":"x","appId":101}""", 1024, null)]
    public async Task Should_name_the_member_when_a_login_is_wrong(string data, int code, string? field)
    {
        var client = _node.Connect();

        var reply = await client.AskAsync("1", "login", data);

        reply.Code.ShouldBe(code);
        if (field is not null) reply.Data.GetProperty("field").GetString().ShouldBe(field);
        client.Cut();
    }

    [Fact]
    public async Task Should_be_in_its_rooms_again_and_get_what_was_missed_when_a_login_carries_cursors()
    {
        var stays = await _node.Level2Async("cur-stays", "device-stays", "r:cur-1", "r:cur-2");
        var first = _node.Connect();
        await first.LoginLevel2Async("cur-a", "device-cur-a");
        var joined1 = (await first.AskAsync("j1", "join", """{"conv":"r:cur-1"}""")).Data;
        var joined2 = (await first.AskAsync("j2", "join", """{"conv":"r:cur-2"}""")).Data;
        first.Cut();
        await stays.NextPushAsync("exit");
        await _node.Broker.PushToConversationAsync(Pushes.ToRoom("r:cur-2", "missed"), default);

        var again = _node.Connect();
        var cursors = $$""","cursors":{"r:cur-1":["{{joined1.GetProperty("epoch").GetString()}}",0],"r:cur-2":["{{joined2.GetProperty("epoch").GetString()}}",0],"p:cur-a|x":["e",1]}""";
        var convs = (await again.LoginLevel2Async("cur-a", "device-cur-a", cursors)).Data.GetProperty("convs").EnumerateArray().ToDictionary(conv => conv.GetProperty("conv").GetString()!);

        convs.Keys.ShouldBe(["r:cur-1", "r:cur-2", "p:cur-a|x"], ignoreOrder: true);
        convs["p:cur-a|x"].GetProperty("code").GetInt32().ShouldBe(1027);
        convs["r:cur-1"].GetProperty("recovered").GetBoolean().ShouldBeTrue();
        convs["r:cur-2"].GetProperty("recovered").GetBoolean().ShouldBeTrue();
        convs["r:cur-2"].GetProperty("msgs").EnumerateArray().Single().GetProperty("msg").GetString().ShouldBe("missed");
        convs["r:cur-2"].GetProperty("head").GetInt64().ShouldBe(1);
        await _node.Broker.PushToConversationAsync(Pushes.ToRoom("r:cur-1", "now"), default);
        (await again.NextPushAsync("msg")).Message.ShouldBe("now");
        again.All[0].Cmd.ShouldBe("login");
    }

    [Fact]
    public async Task Should_replace_the_older_connection_when_the_same_device_logs_in()
    {
        var older = await _node.Level2Async("same", "device-same", "r:same");
        var watcher = await _node.Level2Async("same-watcher", "device-w", "r:same");

        var newer = _node.Connect();
        (await newer.LoginLevel2Async("same", "device-same", ",\"try\":1")).Code.ShouldBe(200);

        (await older.NextPushAsync("kicked")).Data.GetProperty("device").GetString().ShouldBe("device-same");
        (await older.ClosedAsync()).ShouldBe(4006);
        (await watcher.NextPushAsync("exit")).From.ShouldBe("same");
        (await newer.AskAsync("p", "ping")).Code.ShouldBe(200);
    }

    [Fact]
    public async Task Should_refuse_with_4204_when_a_later_attempt_of_the_device_is_connected()
    {
        var live = _node.Connect();
        await live.LoginLevel2Async("stale", "device-stale", ",\"try\":7");
        var late = _node.Connect();

        late.Send("1", "login", """{"v":2,"userId":"stale","appId":101,"device":"device-stale","platform":"web","try":6}""");

        (await late.ClosedAsync()).ShouldBe(4204);
        (await live.AskAsync("p", "ping")).Code.ShouldBe(200);
    }

    [Fact]
    public async Task Should_close_with_4000_when_a_binary_frame_comes()
    {
        var client = await _node.Level2Async("bin", "device-bin");

        client.Send("""{"seq":"1","cmd":"ping"}""", binary: true);

        (await client.ClosedAsync()).ShouldBe(4000);
    }

    [Fact]
    public async Task Should_reply_then_close_1000_and_carry_out_nothing_more_when_it_logs_out()
    {
        var other = await _node.Level2Async("out-b", "device-out-b", "r:out");
        var client = await _node.Level2Async("out-a", "device-out-a", "r:out");
        client.Send("1", "logout");
        client.Send("2", "msg", """{"conv":"r:out","type":"text","msg":"after","ephemeral":true}""");

        (await client.ClosedAsync()).ShouldBe(1000);

        client.Count(message => message.Cmd == "logout" && message.Code == 200).ShouldBe(1);
        await other.NextPushAsync("exit");
        other.Count(message => message.Cmd == "msg").ShouldBe(0);
    }
}
