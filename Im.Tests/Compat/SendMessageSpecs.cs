using System.Net;
using System.Text;
using Im.Actors.Edge;
using Im.Protocol.Names;
using Shouldly;
using Xunit;

namespace Im.Tests.Compat;

public sealed class SendMessageSpecs : CompatSpecs
{
    private const string Path = "/user/sendMessage";
    private const string Sent = """{"code":200,"msg":"Success","data":{"sendResults":true}}""";
    private const string NotSent = """{"code":200,"msg":"Success","data":{"sendResults":false}}""";

    [Theory]
    [InlineData(DeliveryState.Written)]
    [InlineData(DeliveryState.Pending)]
    [InlineData(DeliveryState.Acked)]
    public async Task Should_say_true_when_a_device_has_it(DeliveryState state)
    {
        Broker.OnUserPush = _ => FakeBroker.Pushed(state, DeliveryState.Failed);

        (await PostAsync(("appId", "101"), ("userId", "alice"), ("msgId", "m-1"), ("message", "hi"))).ShouldBe(Sent);
    }

    [Theory]
    [InlineData(DeliveryState.Offline)]
    [InlineData(DeliveryState.Failed)]
    public async Task Should_say_false_when_no_device_has_it(DeliveryState state)
    {
        Broker.OnUserPush = _ => FakeBroker.Pushed(state);

        (await PostAsync(("appId", "101"), ("userId", "alice"), ("msgId", "m-1"), ("message", "hi"))).ShouldBe(NotSent);
    }

    [Fact]
    public async Task Should_say_why_when_the_users_node_did_not_answer()
    {
        Broker.OnUserPush = _ => new UserPushResult("01MID", false, DeliveryState.Unknown, [], TimeSpan.Zero);

        (await PostAsync(("appId", "101"), ("userId", "alice"), ("msgId", "m-1"), ("message", "hi")))
            .ShouldBe("""{"code":200,"msg":"Success","data":{"sendResults":false,"sendResultsErr":"The user's node did not answer."}}""");
    }

    [Theory]
    [InlineData("appId", "userId", "msgId", "message")]
    [InlineData("appID", "userID", "msgID", "message")]
    [InlineData("APPID", "userid", "MSGID", "Message")]
    public async Task Should_push_as_from_the_receiver_when_the_form_is_in_any_spelling(string app, string user, string id, string message)
    {
        await PostAsync((app, "102"), (user, "马远"), (id, "1565-266"), (message, "哈喽 <b>"));

        var push = Broker.UserPushes.ShouldHaveSingleItem();
        push.App.ShouldBe(new AppId(102));
        push.User.Value.ShouldBe("马远");
        push.From.ShouldBe("马远");
        push.Text.ShouldBe("哈喽 <b>");
        push.Type.ShouldBe("text");
        push.Cmd.ShouldBe("msg");
        push.Seq.ShouldBe("1565-266");
        push.IdempotencyKey.ShouldBe("1565-266");
    }

    [Fact]
    public async Task Should_read_a_multipart_form_when_that_is_sent()
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent("101"), "appId" },
            { new StringContent("alice"), "userId" },
            { new StringContent("m1"), "msgId" },
            { new StringContent("两行\n文字"), "message" },
        };
        using var response = await Host.Client.PostAsync(new Uri(Path, UriKind.Relative), form);

        (await response.Content.ReadAsStringAsync()).ShouldBe(NotSent);
        Broker.UserPushes.ShouldHaveSingleItem().Text.ShouldBe("两行\n文字");
    }

    [Fact]
    public async Task Should_answer_no_data_when_the_message_id_was_seen_before()
    {
        Broker.OnUserPush = static _ => FakeBroker.Pushed(DeliveryState.Written) with { Duplicate = true };

        (await PostAsync(("appId", "101"), ("userId", "alice"), ("msgId", "m-1"), ("message", "hi"))).ShouldBe("""{"code":200,"msg":"Success","data":{}}""");
    }

    [Fact]
    public async Task Should_push_without_a_key_when_the_message_id_is_empty()
    {
        await PostAsync(("appId", "101"), ("userId", "alice"), ("message", "hi"));

        var push = Broker.UserPushes.ShouldHaveSingleItem();
        push.IdempotencyKey.ShouldBeNull();
        push.Seq.ShouldBeNull();
    }

    [Fact]
    public async Task Should_keep_the_seq_and_hash_the_key_when_the_message_id_is_no_token()
    {
        await PostAsync(("appId", "101"), ("userId", "alice"), ("msgId", "消息 1/2"), ("message", "hi"));

        var push = Broker.UserPushes.ShouldHaveSingleItem();
        push.Seq.ShouldBe("消息 1/2");
        push.IdempotencyKey.ShouldNotBeNull().ShouldStartWith("sha256:");
    }

    public static TheoryData<string, string> Refusals => new()
    {
        { "appId=101&message=hi", """{"code":1002,"msg":"非法的用户ID","data":{}}""" },
        { "appId=101&userId=&message=hi", """{"code":1002,"msg":"非法的用户ID","data":{}}""" },
        { "appId=101&userId=a%7Cb&message=hi", """{"code":1002,"msg":"非法的用户ID","data":{}}""" },
        { "appId=101&userId=a%01b&message=hi", """{"code":1002,"msg":"非法的用户ID","data":{}}""" },
        { "appId=101&userId=alice&message=a%00b", """{"code":1001,"msg":"参数不合法","data":{}}""" },
        { $"appId=101&userId={new string('u', 65)}&message=hi", """{"code":1002,"msg":"非法的用户ID","data":{}}""" },
        { $"appId=101&userId=alice&message={new string('x', (16 * 1024) + 1)}", """{"code":1014,"msg":"Too large","data":{}}""" },
        { $"appId=101&userId=alice&message={string.Concat(Enumerable.Repeat("%E4%B8%AD", 5462))}", """{"code":1014,"msg":"Too large","data":{}}""" },
        { $"appId=101&userId=alice&message={new string('x', 300 * 1024)}", """{"code":1014,"msg":"Too large","data":{}}""" },
        { $"appId=101&userId=alice&message=hi&msgId={new string('m', 257)}", """{"code":1001,"msg":"参数不合法","data":{}}""" },
        { string.Join('&', Enumerable.Range(0, 100).Select(static i => $"f{i}=1")), """{"code":1001,"msg":"参数不合法","data":{}}""" },
        { "", """{"code":1002,"msg":"非法的用户ID","data":{}}""" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Should_refuse_in_the_seeds_envelope_when_the_form_is_bad(string body, string answer)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/x-www-form-urlencoded");
        using var response = await Host.Client.PostAsync(new Uri(Path, UriKind.Relative), content);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await response.Content.ReadAsStringAsync()).ShouldBe(answer);
        Broker.UserPushes.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("application/json", """{"appId":101,"userId":"alice","message":"hi"}""")]
    [InlineData("text/plain", "appId=101&userId=alice&message=hi")]
    public async Task Should_see_an_empty_form_when_the_body_is_no_form(string type, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, type);
        using var response = await Host.Client.PostAsync(new Uri(Path + "?appId=101&userId=alice", UriKind.Relative), content);

        (await response.Content.ReadAsStringAsync()).ShouldBe("""{"code":1002,"msg":"非法的用户ID","data":{}}""");
    }

    [Fact]
    public async Task Should_answer_1001_when_a_multipart_body_is_torn()
    {
        using var content = new StringContent("--b\r\nContent-Disposition: form-data; name=\"userId\"\r\n\r\nali", Encoding.UTF8);
        content.Headers.ContentType = new("multipart/form-data") { Parameters = { new("boundary", "b") } };
        using var response = await Host.Client.PostAsync(new Uri(Path, UriKind.Relative), content);

        (await response.Content.ReadAsStringAsync()).ShouldBe("""{"code":1001,"msg":"参数不合法","data":{}}""");
    }

    [Theory]
    [InlineData("0")]
    [InlineData("999")]
    [InlineData("garbage")]
    public async Task Should_say_false_without_asking_the_broker_when_the_app_is_not_configured(string app)
    {
        (await PostAsync(("appId", app), ("userId", "alice"), ("message", "hi"))).ShouldBe(NotSent);

        Broker.UserPushes.ShouldBeEmpty();
    }

    [Fact]
    public async Task Should_answer_1004_and_nothing_of_the_inside_when_the_broker_fails()
    {
        Broker.OnUserPush = static _ => throw new InvalidOperationException("inner secret");

        (await PostAsync(("appId", "101"), ("userId", "alice"), ("message", "hi"))).ShouldBe("""{"code":1004,"msg":"系统错误","data":{}}""");
    }

    private async Task<string> PostAsync(params (string Name, string Value)[] fields)
    {
        using var response = await Host.PostFormAsync(Path, fields);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await response.Content.ReadAsStringAsync();
    }
}
