using Grpc.Core;
using Grpc.Net.Client;
using Im.Actors.Edge;
using Im.Node.Compat;
using Im.Protocol.Compat;
using Im.Protocol.Names;
using Shouldly;
using Xunit;

namespace Im.Tests.Compat;

public sealed class AccServiceSpecs : CompatSpecs
{
    [Fact]
    public async Task Should_say_online_with_code_and_text_when_the_user_is_there()
    {
        Broker.OnQueryOnline = static (app, user) => app.Value == 101 && user.Value == "马远";

        (await CallAsync(static client => client.QueryUsersOnlineAsync(new QueryUsersOnlineReq { AppID = 101, UserID = "马远" })))
            .ShouldBe(new QueryUsersOnlineRsp { RetCode = 200, ErrMsg = "Success", Online = true });
    }

    [Fact]
    public async Task Should_say_offline_when_the_user_is_not_there() =>
        (await CallAsync(static client => client.QueryUsersOnlineAsync(new QueryUsersOnlineReq { UserID = "alice" })))
            .ShouldBe(new QueryUsersOnlineRsp { RetCode = 200, ErrMsg = "Success", Online = false });

    [Fact]
    public async Task Should_answer_1004_when_nobody_knows_whether_the_user_is_online()
    {
        Broker.OnQueryOnline = static (_, _) => null;

        (await CallAsync(static client => client.QueryUsersOnlineAsync(new QueryUsersOnlineReq { UserID = "alice" }))).RetCode.ShouldBe(1004u);
    }

    [Theory]
    [InlineData("msg", "msg")]
    [InlineData("enter", "enter")]
    [InlineData("anything", "anything")]
    [InlineData("", "msg")]
    public async Task Should_push_with_the_callers_command_when_the_user_is_there(string cms, string cmd)
    {
        Broker.OnUserPush = static _ => FakeBroker.Pushed(DeliveryState.Written);

        (await CallAsync(client => client.SendMsgAsync(new SendMsgReq { Seq = "s1", AppID = 101, UserID = "alice", Cms = cms, Type = "image", Msg = "hi" })))
            .ShouldBe(new SendMsgRsp { RetCode = 200, ErrMsg = "Success" });

        var push = Broker.UserPushes.ShouldHaveSingleItem();
        push.Cmd.ShouldBe(cmd);
        push.Seq.ShouldBe("s1");
        push.From.ShouldBe("alice");
        push.Text.ShouldBe("hi");
        push.Type.ShouldBe("text");
        push.IdempotencyKey.ShouldBeNull();
    }

    public static TheoryData<SendMsgReq, uint, string> Refusals => new()
    {
        { new SendMsgReq { AppID = 101, UserID = "alice", Cms = "msg", IsLocal = true }, 1001, "参数不合法" },
        { new SendMsgReq { AppID = 101, UserID = "alice", Cms = new string('c', 65) }, 1001, "参数不合法" },
        { new SendMsgReq { AppID = 101, UserID = "alice", Cms = "a\nb" }, 1001, "参数不合法" },
        { new SendMsgReq { AppID = 101, Cms = "msg" }, 1002, "非法的用户ID" },
        { new SendMsgReq { AppID = 101, UserID = "alice", Cms = "msg" }, 1004, "系统错误" },
        { new SendMsgReq { AppID = 999, UserID = "alice", Cms = "msg" }, 1004, "系统错误" },
        { new SendMsgReq { AppID = 101, UserID = "alice", Cms = "msg", Msg = new string('x', 16385) }, 1014, "Too large" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Should_answer_the_code_when_a_message_cannot_be_pushed(SendMsgReq request, uint code, string text) =>
        (await CallAsync(client => client.SendMsgAsync(request))).ShouldBe(new SendMsgRsp { RetCode = code, ErrMsg = text });

    [Theory]
    [InlineData("msg", true)]
    [InlineData("enter", false)]
    public async Task Should_push_to_the_lobby_when_sent_to_all(string cms, bool numbered)
    {
        (await CallAsync(client => client.SendMsgAllAsync(new SendMsgAllReq { Seq = "s1", AppID = 102, UserID = "alice", Cms = cms, Msg = "hi" })))
            .ShouldBe(new SendMsgAllRsp { RetCode = 200, ErrMsg = "Success" });

        var push = Broker.ConversationPushes.ShouldHaveSingleItem();
        push.App.ShouldBe(new AppId(102));
        push.Conversation.ShouldBe(ConversationId.Lobby);
        push.Cmd.ShouldBe(cms);
        push.Seq.ShouldBe("s1");
        push.ExcludeUser.ShouldBe(new UserId("alice"));
        push.IdempotencyKey.ShouldBeNull();
        push.Numbered.ShouldBe(numbered);
    }

    [Fact]
    public async Task Should_list_the_lobby_when_asked()
    {
        Broker.Members.AddRange(["alice", "马远"]);

        (await CallAsync(static client => client.GetUserListAsync(new GetUserListReq { AppID = 101 })))
            .ShouldBe(new GetUserListRsp { RetCode = 200, ErrMsg = "Success", UserID = { "alice", "马远" } });
    }

    [Fact]
    public async Task Should_answer_1004_and_no_status_when_the_broker_fails()
    {
        Broker.OnConversationPush = static _ => throw new InvalidOperationException("inner secret");

        (await CallAsync(static client => client.SendMsgAllAsync(new SendMsgAllReq { AppID = 101, UserID = "alice" })))
            .ShouldBe(new SendMsgAllRsp { RetCode = 1004, ErrMsg = "系统错误" });
    }

    public static TheoryData<string> Calls => ["online", "send", "sendAll", "list"];

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Should_be_unauthenticated_when_a_key_is_needed_and_none_is_given(string call)
    {
        await using var closed = await CompatHost.StartAsync(new CompatSettings { Open = false });
        using var channel = GrpcChannel.ForAddress(closed.Grpc);
        var client = new AccServer.AccServerClient(channel);

        var refused = await Should.ThrowAsync<RpcException>(() => SendAsync(client, call, []));

        refused.StatusCode.ShouldBe(StatusCode.Unauthenticated);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Should_be_denied_when_the_key_lacks_the_scope(string call)
    {
        await using var closed = await CompatHost.StartAsync(new CompatSettings { Open = false });
        using var channel = GrpcChannel.ForAddress(closed.Grpc);
        var client = new AccServer.AccServerClient(channel);

        var refused = await Should.ThrowAsync<RpcException>(() => SendAsync(client, call, new Metadata { { "x-api-key", CompatHost.SessionKey } }));

        refused.StatusCode.ShouldBe(StatusCode.PermissionDenied);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Should_serve_when_the_key_is_in_the_metadata(string call)
    {
        await using var closed = await CompatHost.StartAsync(new CompatSettings { Open = false });
        using var channel = GrpcChannel.ForAddress(closed.Grpc);
        var client = new AccServer.AccServerClient(channel);

        await SendAsync(client, call, new Metadata { { "x-api-key", CompatHost.ApiKey } });
    }

    private static async Task SendAsync(AccServer.AccServerClient client, string call, Metadata headers)
    {
        switch (call)
        {
            case "online": await client.QueryUsersOnlineAsync(new QueryUsersOnlineReq(), headers); break;
            case "send": await client.SendMsgAsync(new SendMsgReq(), headers); break;
            case "sendAll": await client.SendMsgAllAsync(new SendMsgAllReq(), headers); break;
            default: await client.GetUserListAsync(new GetUserListReq(), headers); break;
        }
    }

    private async Task<T> CallAsync<T>(Func<AccServer.AccServerClient, AsyncUnaryCall<T>> call)
    {
        using var channel = GrpcChannel.ForAddress(Host.Grpc);
        return await call(new AccServer.AccServerClient(channel));
    }
}
