using Im.Tests.Auth;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Connections;

[Collection(JwtNodeTests.Name)]
public sealed class TokenExpirySpecs(JwtNodeFixture fixture)
{
    [Fact]
    public async Task Should_tell_a_minute_before_and_close_4202_at_the_end_when_a_token_expires()
    {
        var client = await fixture.LoginAsync("exp-a", fixture.Token("exp-a", 100));
        var ends = (fixture.Seconds + 100) * 1000;
        Pass(39);
        client.Count(message => message.Cmd == "token_expiring").ShouldBe(0);

        Pass(2);
        (await client.NextPushAsync("token_expiring")).Data.GetProperty("expiresMs").GetInt64().ShouldBe(ends);
        Pass(58);
        (await client.AskAsync("p", "ping")).Code.ShouldBe(200);
        Pass(2);

        (await client.ClosedAsync()).ShouldBe(4202);
        client.Count(message => message.Cmd == "token_expiring").ShouldBe(1);
    }

    [Fact]
    public async Task Should_end_a_level_0_connection_without_a_push_when_its_token_expires()
    {
        await fixture.ReadyAsync();
        var client = fixture.Node.Connect();
        await client.AskAsync("1", "login", $$"""{"userId":"exp-old","appId":101,"serviceToken":"{{fixture.Token("exp-old", 100)}}"}""");

        Pass(101);

        (await client.ClosedAsync()).ShouldBe(4202);
        client.All.ShouldAllBe(message => message.Cmd != "token_expiring");
    }

    [Fact]
    public async Task Should_go_on_by_the_newer_token_when_it_is_refreshed_in_place()
    {
        var client = await fixture.LoginAsync("exp-b", fixture.Token("exp-b", 100));
        Pass(50);
        await client.NextPushAsync("token_expiring");

        await fixture.ReadyAsync();
        var reply = await client.AskAsync("t", "token", $$"""{"serviceToken":"{{fixture.Token("exp-b", 300)}}"}""");
        var ends = (fixture.Seconds + 300) * 1000;
        Pass(100);

        (reply.Code, reply.Data.GetProperty("expiresMs").GetInt64()).ShouldBe((200, ends));
        (await client.AskAsync("p", "ping")).Code.ShouldBe(200);
        Pass(145);
        (await client.NextPushAsync("token_expiring")).Data.GetProperty("expiresMs").GetInt64().ShouldBe(ends);
        Pass(60);
        (await client.ClosedAsync()).ShouldBe(4202);
    }

    [Theory]
    [InlineData("another user", 1012)]
    [InlineData("another app", 1012)]
    [InlineData("expired", 1011)]
    [InlineData("forged", 1012)]
    public async Task Should_answer_why_and_close_4002_when_the_newer_token_is_refused(string what, int code)
    {
        var client = await fixture.LoginAsync("exp-c");
        var token = what switch
        {
            "another user" => fixture.Token("exp-d"),
            "another app" => fixture.Token("exp-c", more: ",\"app\":102"),
            "expired" => fixture.Token("exp-c", -31),
            _ => Jwt.Of("exp-c", fixture.Seconds + 60, key: new byte[32]),
        };

        (await client.AskAsync("t", "token", $$"""{"serviceToken":"{{token}}"}""")).Code.ShouldBe(code);

        (await client.ClosedAsync()).ShouldBe(4002);
        Pass(60);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"serviceToken":""}""")]
    [InlineData("""{"serviceToken":7}""")]
    [InlineData("[]")]
    public async Task Should_answer_1001_and_go_on_when_there_is_no_token_in_it(string data)
    {
        var client = await fixture.LoginAsync("exp-e");

        (await client.AskAsync("t", "token", data)).Code.ShouldBe(1001);

        (await client.AskAsync("p", "ping")).Code.ShouldBe(200);
        client.Cut();
    }

    /// <summary>Time goes on as it does, in small steps: a leap would be taken for a process that stood still.</summary>
    private void Pass(int seconds)
    {
        for (var step = 0; step < seconds * 2; step++) fixture.Time.Advance(TimeSpan.FromMilliseconds(500));
    }
}
