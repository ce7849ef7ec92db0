using Im.Tests.Auth;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Connections;

[Collection(JwtNodeTests.Name)]
public sealed class TokenLoginSpecs(JwtNodeFixture fixture)
{
    [Fact]
    public async Task Should_be_the_tokens_user_when_a_token_is_good()
    {
        var client = await fixture.SendLoginAsync(fixture.Token("tok-a"));

        (await client.NextAsync(message => message.Seq == "login")).Data.GetProperty("user").GetString().ShouldBe("tok-a");
        client.Cut();
    }

    [Theory]
    [InlineData("expired", 1011, "serviceToken")]
    [InlineData("forged", 1012, "serviceToken")]
    [InlineData("other app", 1012, "serviceToken")]
    [InlineData("absent", 1012, "serviceToken")]
    [InlineData("other user", 1012, "userId")]
    [InlineData("other case", 1012, "userId")]
    public async Task Should_answer_why_and_close_4002_when_a_token_is_refused(string what, int code, string field)
    {
        var (token, more) = what switch
        {
            "expired" => (fixture.Token("tok-b", -31), ""),
            "forged" => (Jwt.Of("tok-b", fixture.Seconds + 60, key: new byte[32]), ""),
            "other app" => (fixture.Token("tok-b", more: ",\"app\":102"), ""),
            "absent" => ("", ""),
            "other user" => (fixture.Token("tok-b"), ",\"userId\":\"somebody\""),
            _ => (fixture.Token("tok-b"), ",\"userId\":\"Tok-b\""),
        };

        var client = await fixture.SendLoginAsync(token, more);

        var reply = await client.NextAsync(message => message.Seq == "login");
        (reply.Code, reply.Data.GetProperty("field").GetString(), reply.Data.GetProperty("temporary").GetBoolean()).ShouldBe((code, field, false));
        (await client.ClosedAsync()).ShouldBe(4002);
        client.All.Length.ShouldBe(1);
        fixture.Time.Advance(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Should_accept_the_user_beside_the_token_when_it_is_the_same()
    {
        var client = await fixture.SendLoginAsync(fixture.Token("tok-c"), ",\"userId\":\"tok-c\"");

        (await client.NextAsync(message => message.Seq == "login")).Code.ShouldBe(200);
        client.Cut();
    }

    [Theory]
    [InlineData("tok-old", 200)]
    [InlineData("tok-other", 1003)]
    [InlineData(null, 1003)]
    public async Task Should_ask_level_0_for_a_token_too(string? user, int code)
    {
        await fixture.ReadyAsync();
        var client = fixture.Node.Connect();
        var token = user is null ? "" : $",\"serviceToken\":\"{fixture.Token(user)}\"";

        var reply = await client.AskAsync("1", "login", $$"""{"userId":"tok-old","appId":101{{token}}}""");

        reply.Code.ShouldBe(code);
        if (code != 200) (await client.ClosedAsync()).ShouldBe(4002);
        client.Cut();
        fixture.Time.Advance(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Should_close_4104_and_let_others_stay_when_no_key_can_be_had()
    {
        var there = await fixture.LoginAsync("tok-there");
        fixture.KeysAreGone = true;

        var client = await fixture.SendLoginAsync(fixture.Token("tok-d"));
        var code = await client.ClosedAsync();
        var refresh = await there.AskAsync("t", "token", $$"""{"serviceToken":"{{fixture.Token("tok-there")}}"}""");
        fixture.KeysAreGone = false;

        code.ShouldBe(4104);
        (refresh.Code, refresh.Data.GetProperty("temporary").GetBoolean()).ShouldBe((1016, true));
        (await there.AskAsync("p", "ping")).Code.ShouldBe(200);
        there.Cut();
    }

    [Fact]
    public async Task Should_carry_out_later_commands_after_the_login_when_a_key_has_to_be_fetched()
    {
        fixture.KeysAreSlow = true;
        var client = await fixture.SendLoginAsync(fixture.Token("tok-e"));
        client.Send("j", "join", """{"conv":"r:slow-key"}""");

        fixture.ReleaseKeys();

        await Until.TrueAsync(() => client.All.Length == 2);
        client.All.Select(message => (message.Seq, message.Code)).ShouldBe([("login", 200), ("j", 200)], ignoreOrder: true);
        fixture.KeysAreSlow = false;
        client.Cut();
    }

    [Fact]
    public async Task Should_refuse_unchecked_with_1015_and_4101_when_five_tokens_failed_in_a_minute()
    {
        for (var i = 0; i < 5; i++) await (await fixture.SendLoginAsync(Jwt.Of("tok-f", 1), ",\"userId\":\"tok-f\"")).ClosedAsync();

        var sixth = await fixture.SendLoginAsync(fixture.Token("tok-f"), ",\"userId\":\"tok-f\"");
        var reply = await sixth.NextAsync(message => message.Seq == "login");
        var code = await sixth.ClosedAsync();
        var other = await fixture.SendLoginAsync(fixture.Token("tok-g"), ",\"userId\":\"tok-g\"");

        (reply.Code, reply.Data.GetProperty("temporary").GetBoolean(), code).ShouldBe((1015, true, 4101));
        reply.Data.GetProperty("retryAfterMs").GetInt64().ShouldBeInRange(1, 60_000);
        (await other.NextAsync(message => message.Seq == "login")).Code.ShouldBe(200);
        fixture.Time.Advance(TimeSpan.FromMinutes(1));
        other.Cut();
        (await fixture.LoginAsync("tok-f")).Cut();
    }

    [Fact]
    public async Task Should_count_by_the_claimed_subject_when_no_user_is_named_beside_the_token()
    {
        for (var i = 0; i < 5; i++) await (await fixture.SendLoginAsync(Jwt.Of("tok-i", 1))).ClosedAsync();

        var sixth = await (await fixture.SendLoginAsync(fixture.Token("tok-i"))).ClosedAsync();
        var other = await fixture.LoginAsync("tok-j");

        sixth.ShouldBe(4101);
        other.Cut();
        fixture.Time.Advance(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Should_refuse_the_newcomer_with_1019_and_4009_when_the_policy_says_so()
    {
        var first = await fixture.LoginAsync("tok-h", app: 102, device: "device-h1");
        var phone = await fixture.LoginAsync("tok-h", app: 102, device: "device-h2", platform: "ios");

        var second = await fixture.SendLoginAsync(fixture.Token("tok-h"), "", 102, "device-h3");

        (await second.NextAsync(message => message.Seq == "login")).Code.ShouldBe(1019);
        (await second.ClosedAsync()).ShouldBe(4009);
        (await first.AskAsync("p", "ping")).Code.ShouldBe(200);
        (await phone.AskAsync("p", "ping")).Code.ShouldBe(200);
        first.Cut();
        phone.Cut();
    }
}
