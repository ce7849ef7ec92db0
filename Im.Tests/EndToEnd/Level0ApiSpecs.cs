using Grpc.Net.Client;
using Im.Protocol.Compat;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.EndToEnd;

/// <summary>The seed's HTTP and gRPC, from a call to the bytes on somebody's socket.</summary>
public sealed class Level0ApiSpecs(Level0Node node) : IClassFixture<Level0Node>
{
    private const string Sent = """{"code":200,"msg":"Success","data":{"sendResults":true}}""";
    private const string NotSent = """{"code":200,"msg":"Success","data":{"sendResults":false}}""";
    private const string Nothing = """{"code":200,"msg":"Success","data":{}}""";

    private readonly uint _app = node.NextApp();

    [Fact]
    public async Task Should_push_to_everyone_but_the_sender_when_posted_to_all()
    {
        await using var alice = await LogInAsync("alice");
        await using var aliceToo = await LogInAsync("alice");
        await using var bob = await LogInAsync("bob");
        await using var bobToo = await LogInAsync("bob");

        (await PostAsync("sendMessageAll", "alice", "m-all", "<b>哈喽</b>")).ShouldBe(Sent);

        const string Push = """{"seq":"m-all","cmd":"msg","response":{"code":200,"codeMsg":"Ok","data":{"target":"","type":"text","msg":"\u003cb\u003e哈喽\u003c/b\u003e","from":"alice"}}}""";
        (await bob.ReceiveUntilAsync(IsMessage)).ShouldBe(Push);
        (await bobToo.ReceiveUntilAsync(IsMessage)).ShouldBe(Push);
        (await alice.DrainAsync()).ShouldNotContain(frame => IsMessage(frame));
        (await aliceToo.DrainAsync()).ShouldNotContain(frame => IsMessage(frame));
    }

    [Fact]
    public async Task Should_push_once_when_the_same_message_id_is_posted_twice()
    {
        await using var bob = await LogInAsync("bob");

        (await PostAsync("sendMessageAll", "alice", "m-twice", "one")).ShouldBe(Sent);
        (await PostAsync("sendMessageAll", "alice", "m-twice", "one")).ShouldBe(Nothing);
        (await PostAsync("sendMessageAll", "alice", "m-next", "two")).ShouldBe(Sent);

        (await bob.ReceiveAsync())!.ShouldContain("\"m-twice\"");
        (await bob.ReceiveAsync())!.ShouldContain("\"m-next\"");
    }

    [Fact]
    public async Task Should_push_each_time_when_there_is_no_message_id()
    {
        await using var bob = await LogInAsync("bob");

        (await PostAsync("sendMessage", "bob", "", "one")).ShouldBe(Sent);
        (await PostAsync("sendMessage", "bob", "", "two")).ShouldBe(Sent);

        (await bob.ReceiveAsync())!.ShouldContain("\"msg\":\"one\"");
        (await bob.ReceiveAsync())!.ShouldContain("\"msg\":\"two\"");
    }

    [Fact]
    public async Task Should_push_to_every_device_as_from_the_receiver_when_posted_to_one()
    {
        await using var bob = await LogInAsync("bob");
        await using var bobToo = await LogInAsync("bob");
        await using var carol = await LogInAsync("carol");

        (await PostAsync("sendMessage", "bob", "消息 1", "hi")).ShouldBe(Sent);

        const string Push = """{"seq":"消息 1","cmd":"msg","response":{"code":200,"codeMsg":"Ok","data":{"target":"","type":"text","msg":"hi","from":"bob"}}}""";
        (await bob.ReceiveUntilAsync(IsMessage)).ShouldBe(Push);
        (await bobToo.ReceiveUntilAsync(IsMessage)).ShouldBe(Push);
        (await carol.DrainAsync()).ShouldBeEmpty();
        (await PostAsync("sendMessage", "bob", "消息 1", "hi")).ShouldBe(Nothing);
    }

    [Fact]
    public async Task Should_say_false_when_the_user_is_not_there()
    {
        (await PostAsync("sendMessage", "nobody", "m-1", "hi")).ShouldBe(NotSent);
    }

    [Fact]
    public async Task Should_say_who_is_online_when_users_come_and_go()
    {
        (await OnlineAsync(_app)).ShouldBe("""{"code":200,"msg":"Success","data":{"online":false,"userID":"dora"}}""");

        await using var dora = await LogInAsync("dora");
        (await OnlineAsync(_app)).ShouldBe("""{"code":200,"msg":"Success","data":{"online":true,"userID":"dora"}}""");
        (await node.GetAsync($"/user/list?appID={_app}")).ShouldBe("""{"code":200,"msg":"Success","data":{"userCount":1,"userList":["dora"]}}""");

        await using var watcher = await LogInAsync("watcher");
        await dora.CloseAsync();
        await watcher.ReceiveUntilAsync(static frame => frame.Contains("\"exit\"", StringComparison.Ordinal));
        await Eventually.ShouldBeAsync(() => OnlineAsync(_app), """{"code":200,"msg":"Success","data":{"online":false,"userID":"dora"}}""");
        (await node.GetAsync($"/user/list?appId={_app}")).ShouldBe("""{"code":200,"msg":"Success","data":{"userCount":1,"userList":["watcher"]}}""");
    }

    [Fact]
    public async Task Should_count_and_name_connections_when_asked_for_the_state()
    {
        await using var alice = await LogInAsync("alice");
        await using var visitor = await ChatSocket.ConnectAsync(node.WebSocket);
        await visitor.DrainAsync();

        var state = await node.GetAsync("/system/state?isDebug=true");

        state.ShouldStartWith("""{"code":200,"msg":"Success","data":{"actors":""");
        state.ShouldContain($"\"{_app}_alice\"");
        state.ShouldContain("\"clients\":[\"127.0.0.1:");
    }

    [Fact]
    public async Task Should_let_everybody_in_when_the_state_is_asked_for_all_the_time()
    {
        var logins = Task.WhenAll(Enumerable.Range(0, 200).Select(i => LogInAsync($"u{i}")));
        do (await node.GetAsync("/system/state?isDebug=true")).ShouldStartWith("""{"code":200,""");
        while (!logins.IsCompleted);

        var sockets = await logins;
        (await node.UsersAsync(_app)).Count.ShouldBe(200);
        foreach (var socket in sockets) await socket.DisposeAsync();
    }

    [Theory]
    [InlineData("custom")]
    [InlineData("enter")]
    public async Task Should_push_with_the_callers_command_when_called_by_grpc(string cms)
    {
        await using var bob = await LogInAsync("bob");
        using var channel = GrpcChannel.ForAddress(node.Grpc);
        var client = new AccServer.AccServerClient(channel);

        var one = await client.SendMsgAsync(new SendMsgReq { Seq = "s1", AppID = _app, UserID = "bob", Cms = cms, Msg = "hi" });
        var all = await client.SendMsgAllAsync(new SendMsgAllReq { Seq = "s2", AppID = _app, UserID = "alice", Cms = cms, Msg = "<all>" });

        one.ShouldBe(new SendMsgRsp { RetCode = 200, ErrMsg = "Success" });
        all.ShouldBe(new SendMsgAllRsp { RetCode = 200, ErrMsg = "Success" });
        (await bob.ReceiveAsync()).ShouldBe($$$$"""{"seq":"s1","cmd":"{{{{cms}}}}","response":{"code":200,"codeMsg":"Ok","data":{"target":"","type":"text","msg":"hi","from":"bob"}}}""");
        (await bob.ReceiveAsync()).ShouldBe($$$$"""{"seq":"s2","cmd":"{{{{cms}}}}","response":{"code":200,"codeMsg":"Ok","data":{"target":"","type":"text","msg":"\u003call\u003e","from":"alice"}}}""");
    }

    [Fact]
    public async Task Should_answer_presence_and_list_when_called_by_grpc()
    {
        await using var bob = await LogInAsync("bob");
        using var channel = GrpcChannel.ForAddress(node.Grpc);
        var client = new AccServer.AccServerClient(channel);

        (await client.QueryUsersOnlineAsync(new QueryUsersOnlineReq { AppID = _app, UserID = "bob" })).ShouldBe(new QueryUsersOnlineRsp { RetCode = 200, ErrMsg = "Success", Online = true });
        (await client.GetUserListAsync(new GetUserListReq { AppID = _app })).ShouldBe(new GetUserListRsp { RetCode = 200, ErrMsg = "Success", UserID = { "bob" } });
        (await client.SendMsgAsync(new SendMsgReq { AppID = _app, UserID = "nobody", Cms = "msg" })).ShouldBe(new SendMsgRsp { RetCode = 1004, ErrMsg = "系统错误" });
    }

    private static bool IsMessage(string frame) => frame.Contains("\"cmd\":\"msg\"", StringComparison.Ordinal);

    private Task<string> OnlineAsync(uint app) => node.GetAsync($"/user/online?appId={app}&userId=dora");

    private Task<string> PostAsync(string route, string user, string messageId, string message) =>
        node.PostAsync($"/user/{route}", ("appId", $"{_app}"), ("userId", user), ("msgId", messageId), ("message", message));

    private Task<ChatSocket> LogInAsync(string user) => ChatSocket.LogInAsync(node.WebSocket, _app, user);
}
