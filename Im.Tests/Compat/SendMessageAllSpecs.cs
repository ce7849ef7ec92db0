using Im.Actors.Edge;
using Im.Protocol;
using Im.Protocol.Names;
using Shouldly;
using Xunit;

namespace Im.Tests.Compat;

public sealed class SendMessageAllSpecs : CompatSpecs
{
    private const string Sent = """{"code":200,"msg":"Success","data":{"sendResults":true}}""";

    [Theory]
    [InlineData("appId", "userId", "msgId", "message")]
    [InlineData("appID", "userID", "msgID", "message")]
    public async Task Should_push_to_the_lobby_without_the_sender_when_posted(string app, string user, string id, string message)
    {
        (await PostAsync((app, "103"), (user, "alice"), (id, "m-1"), (message, "hi <all>"))).ShouldBe(Sent);

        var push = Broker.ConversationPushes.ShouldHaveSingleItem();
        push.App.ShouldBe(new AppId(103));
        push.Conversation.ShouldBe(ConversationId.Lobby);
        push.From.ShouldBe("alice");
        push.ExcludeUser.ShouldBe(new UserId("alice"));
        push.Text.ShouldBe("hi <all>");
        push.Cmd.ShouldBe("msg");
        push.Seq.ShouldBe("m-1");
        push.IdempotencyKey.ShouldBe("m-1");
        push.Numbered.ShouldBeTrue();
    }

    [Fact]
    public async Task Should_answer_no_data_when_the_message_id_was_seen_before()
    {
        Broker.OnConversationPush = static _ => new FanoutResult("01MID", true, ReplyCode.Success, "e", 4, [], false, TimeSpan.Zero);

        (await PostAsync(("appId", "101"), ("userId", "alice"), ("msgId", "m-1"), ("message", "hi"))).ShouldBe("""{"code":200,"msg":"Success","data":{}}""");
    }

    [Fact]
    public async Task Should_answer_1016_when_nothing_was_taken()
    {
        Broker.OnConversationPush = static _ => new FanoutResult("", false, ReplyCode.Overloaded, null, 0, [], false, TimeSpan.Zero);

        (await PostAsync(("appId", "101"), ("userId", "alice"), ("message", "hi"))).ShouldBe("""{"code":1016,"msg":"Overloaded, nothing stored","data":{}}""");
    }

    [Fact]
    public async Task Should_answer_1002_when_no_sender_is_named()
    {
        (await PostAsync(("appId", "101"), ("message", "hi"))).ShouldBe("""{"code":1002,"msg":"非法的用户ID","data":{}}""");

        Broker.ConversationPushes.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("0")]
    [InlineData("999")]
    public async Task Should_say_true_and_send_nothing_when_the_app_is_not_configured(string app)
    {
        (await PostAsync(("appId", app), ("userId", "alice"), ("message", "hi"))).ShouldBe(Sent);

        Broker.ConversationPushes.ShouldBeEmpty();
    }

    private async Task<string> PostAsync(params (string Name, string Value)[] fields)
    {
        using var response = await Host.PostFormAsync("/user/sendMessageAll", fields);
        return await response.Content.ReadAsStringAsync();
    }
}
