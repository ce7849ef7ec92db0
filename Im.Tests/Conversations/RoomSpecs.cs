using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Conversations;

[Collection(ActorNodeTests.Name)]
public sealed class RoomSpecs(ActorNodeFixture fixture)
{
    private readonly ActorNode _node = fixture.Node;

    [Fact]
    public async Task Should_tell_the_others_and_answer_with_the_rooms_place_when_somebody_joins()
    {
        var alice = await _node.Level2Async("join-a", "device-join-a", "r:join");
        var bob = await _node.Level2Async("join-b", "device-join-b");

        var data = (await bob.AskAsync("1", "join", """{"conv":"r:join"}""")).Data;

        data.GetProperty("conv").GetString().ShouldBe("r:join");
        data.GetProperty("head").GetInt64().ShouldBe(0);
        data.GetProperty("members").GetInt32().ShouldBe(2);
        (await alice.NextPushAsync("enter")).From.ShouldBe("join-b");
        bob.Count(message => message.Cmd == "enter").ShouldBe(0);
    }

    [Fact]
    public async Task Should_push_nothing_after_the_reply_when_somebody_left()
    {
        var alice = await _node.Level2Async("leave-a", "device-leave-a", "r:leave");
        var bob = await _node.Level2Async("leave-b", "device-leave-b", "r:leave");

        (await bob.AskAsync("1", "leave", """{"conv":"r:leave"}""")).Code.ShouldBe(200);
        (await alice.NextPushAsync("exit")).From.ShouldBe("leave-b");
        await alice.AskAsync("2", "msg", Message("r:leave", "gone?"));

        await bob.AskAsync("3", "ping");
        bob.Count(message => message.Cmd == "msg").ShouldBe(0);
        (await bob.AskAsync("4", "leave", """{"conv":"r:leave"}""")).Code.ShouldBe(1020);
    }

    [Fact]
    public async Task Should_reach_the_senders_other_devices_but_not_the_sending_connection_when_a_message_is_sent()
    {
        var phone = await _node.Level2Async("dev-a", "device-phone", "r:dev");
        var web = await _node.Level2Async("dev-a", "device-web", "r:dev");
        var bob = await _node.Level2Async("dev-b", "device-b-1", "r:dev");

        var reply = await phone.AskAsync("1", "msg", Message("r:dev", "hi 👋", ""","cid":"c-1","ext":{"k":1}"""));

        reply.Code.ShouldBe(200);
        reply.Data.GetProperty("dup").GetBoolean().ShouldBeFalse();
        foreach (var receiver in new[] { web, bob })
        {
            var push = await receiver.NextPushAsync("msg");
            (push.Message, push.From, push.Seq).ShouldBe(("hi 👋", "dev-a", reply.Data.GetProperty("mid").GetString()));
            push.Data.GetProperty("cid").GetString().ShouldBe("c-1");
            push.Data.GetProperty("ext").GetProperty("k").GetInt32().ShouldBe(1);
            push.Data.TryGetProperty("mseq", out _).ShouldBeFalse();
        }

        await phone.AskAsync("2", "ping");
        phone.Count(message => message.IsPush && message.Cmd == "msg").ShouldBe(0);
    }

    [Fact]
    public async Task Should_give_a_level_0_connection_of_the_sender_nothing_when_a_message_is_sent()
    {
        var old = await _node.Level0Async("mix-a");
        var other = await _node.Level0Async("mix-b");
        var sender = await _node.Level2Async("mix-a", "device-mix", "r:lobby");

        await sender.AskAsync("1", "msg", Message("r:lobby", "to the lobby"));

        (await other.NextPushAsync("msg")).Text.ShouldEndWith(""""data":{"target":"","type":"text","msg":"to the lobby","from":"mix-a"}}}"""");
        await old.AskAsync("2", "ping");
        old.Count(message => message.Cmd == "msg").ShouldBe(0);
    }

    [Fact]
    public async Task Should_keep_the_order_of_a_connection_when_it_pipelines()
    {
        var sender = await _node.Level2Async("pipe-a", "device-pipe-a", "r:pipe");
        var reader = await _node.Level2Async("pipe-b", "device-pipe-b", "r:pipe");
        for (var i = 0; i < 60; i++) sender.Send($"{i}", "msg", Message("r:pipe", $"{i}"));

        for (var i = 0; i < 60; i++) (await reader.NextPushAsync("msg")).Message.ShouldBe($"{i}");
        for (var i = 0; i < 60; i++) (await sender.NextAsync(message => message.Cmd == "msg")).Code.ShouldBe(200);
    }

    [Fact]
    public async Task Should_send_once_and_say_so_when_a_cid_is_repeated()
    {
        var sender = await _node.Level2Async("dup-a", "device-dup-a", "r:dup");
        var reader = await _node.Level2Async("dup-b", "device-dup-b", "r:dup");
        var first = await sender.AskAsync("1", "msg", Message("r:dup", "once", ""","cid":"c-1" """));

        var second = await sender.AskAsync("2", "msg", Message("r:dup", "once", ""","cid":"c-1" """));
        await sender.AskAsync("3", "msg", Message("r:dup", "end"));

        second.Data.GetProperty("dup").GetBoolean().ShouldBeTrue();
        second.Data.GetProperty("mid").GetString().ShouldBe(first.Data.GetProperty("mid").GetString());
        (await reader.NextPushAsync("msg")).Message.ShouldBe("once");
        (await reader.NextPushAsync("msg")).Message.ShouldBe("end");
    }

    [Theory]
    [InlineData("""{"conv":"r:not-joined","msg":"x","ephemeral":true}""", 1020)]
    [InlineData("""{"conv":"nonsense","msg":"x","ephemeral":true}""", 1001)]
    [InlineData("""{"conv":"r:bad","ephemeral":true}""", 1001)]
    [InlineData("""{"conv":"r:bad","msg":"x","type":"nonsense","ephemeral":true}""", 1001)]
    [InlineData("""{"conv":"r:bad","msg":"x","cid":"no blanks","ephemeral":true}""", 1001)]
    public async Task Should_refuse_a_message_when_it_is_wrong(string data, int code)
    {
        var client = await _node.Level2Async("bad", "device-bad", "r:bad");

        (await client.AskAsync("1", "msg", data)).Code.ShouldBe(code);
        client.Cut();
        await client.ClosedAsync();
    }

    [Fact]
    public async Task Should_answer_1014_when_a_text_is_too_large()
    {
        var client = await _node.Level2Async("large", "device-large", "r:large");

        (await client.AskAsync("1", "msg", Message("r:large", new string('x', 16 * 1024 + 1)))).Code.ShouldBe(1014);
        (await client.AskAsync("2", "msg", Message("r:large", new string('x', 16 * 1024)))).Code.ShouldBe(200);
    }

    internal static string Message(string room, string text, string more = "") =>
        $$"""{"conv":"{{room}}","type":"text","msg":"{{text}}","ephemeral":true{{more}}}""";
}
