using System.Security.Cryptography;
using Im.Actors.Sessions;
using Im.Node.Auth;
using Im.Protocol.Json;
using Im.Protocol.Names;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Im.Tests.Auth;

public sealed class TokenValidatorSpecs
{
    private const string Audience = "\"iss\":\"login\",\"aud\":\"chat\"";

    private static readonly long s_now = Jwt.Seconds;

    private readonly FakeTimeProvider _time = new(Jwt.Now);

    /// <summary>Well signed with HS256, and what is expected of each.</summary>
    public static TheoryData<string, string, string> Payloads => new()
    {
        { "good", $$"""{"sub":"alice","exp":{{s_now + 60}}}""", "Valid" },
        { "all claims", $$"""{"sub":"alice","exp":{{s_now + 60}},"nbf":{{s_now}},"iat":{{s_now}},"app":101,"jti":"j1","other":{"a":[1]} }""", "Valid" },
        { "app as text", $$"""{"sub":"alice","exp":{{s_now + 60}},"app":"101"}""", "Valid" },
        { "a name in any script", $$"""{"sub":"马远","exp":{{s_now + 60}}}""", "Valid" },
        { "fractional exp", $$"""{"sub":"alice","exp":{{s_now + 60}}.5}""", "Valid" },
        { "exp within the leeway", $$"""{"sub":"alice","exp":{{s_now - 29}}}""", "Valid" },
        { "expired", $$"""{"sub":"alice","exp":{{s_now - 31}}}""", "Expired" },
        { "expired long ago", """{"sub":"alice","exp":1}""", "Expired" },
        { "negative exp", """{"sub":"alice","exp":-1}""", "Expired" },
        { "a year from iat", $$"""{"sub":"alice","exp":{{s_now + 366 * 86_400 - 60}},"iat":{{s_now - 60}}}""", "Valid" },
        { "longer than allowed from iat", $$"""{"sub":"alice","exp":{{s_now + 60}},"iat":{{s_now - 366 * 86_400}}}""", "Invalid" },
        { "longer than allowed without iat", $$"""{"sub":"alice","exp":{{s_now + 367 * 86_400}}}""", "Invalid" },
        { "no exp", """{"sub":"alice"}""", "Invalid" },
        { "exp null", """{"sub":"alice","exp":null}""", "Invalid" },
        { "exp is text", """{"sub":"alice","exp":"soon"}""", "Invalid" },
        { "exp is a list", $$"""{"sub":"alice","exp":[{{s_now + 60}}]}""", "Invalid" },
        { "nbf within the leeway", $$"""{"sub":"alice","exp":{{s_now + 60}},"nbf":{{s_now + 29}}}""", "Valid" },
        { "nbf in the future", $$"""{"sub":"alice","exp":{{s_now + 60}},"nbf":{{s_now + 31}}}""", "Invalid" },
        { "nbf is text", $$"""{"sub":"alice","exp":{{s_now + 60}},"nbf":"x"}""", "Invalid" },
        { "iat in the future", $$"""{"sub":"alice","exp":{{s_now + 60}},"iat":{{s_now + 31}}}""", "Invalid" },
        { "another app", $$"""{"sub":"alice","exp":{{s_now + 60}},"app":102}""", "Invalid" },
        { "app of another form", $$"""{"sub":"alice","exp":{{s_now + 60}},"app":"0101"}""", "Invalid" },
        { "app is a list", $$"""{"sub":"alice","exp":{{s_now + 60}},"app":[101]}""", "Invalid" },
        { "app null", $$"""{"sub":"alice","exp":{{s_now + 60}},"app":null}""", "Invalid" },
        { "no sub", $$"""{"exp":{{s_now + 60}}}""", "Invalid" },
        { "empty sub", $$"""{"sub":"","exp":{{s_now + 60}}}""", "Invalid" },
        { "sub with a bar", $$"""{"sub":"a|b","exp":{{s_now + 60}}}""", "Invalid" },
        { "sub with a control character", $$"""{"sub":"a\u0007b","exp":{{s_now + 60}}}""", "Invalid" },
        { "sub too long", $$"""{"sub":"{{new string('a', 65)}}","exp":{{s_now + 60}}}""", "Invalid" },
        { "no object", "[1]", "Invalid" },
        { "no JSON", "sub=alice", "Invalid" },
    };

    [Theory]
    [MemberData(nameof(Payloads))]
    public async Task Should_judge_the_claims_when_the_signature_is_good(string what, string payload, string verdict)
    {
        (await CheckAsync(Jwt.Hs256(payload))).Verdict.ToString().ShouldBe(verdict, what);
    }

    [Fact]
    public async Task Should_tell_user_end_and_id_when_a_token_is_good()
    {
        var check = await CheckAsync(Jwt.Of("alice", s_now + 60, $",\"iat\":{s_now - 5},\"jti\":\"j1\""));

        check.ShouldBe(new TokenCheck(TokenVerdict.Valid, new UserId("alice"), (s_now + 60) * 1000, (s_now - 5) * 1000, "j1"));
    }

    [Fact]
    public async Task Should_end_with_the_leeway_when_a_token_has_just_expired()
    {
        (await CheckAsync(Jwt.Of("alice", s_now - 10))).EndsAtMs.ShouldBe((s_now + 20) * 1000);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a.b")]
    [InlineData("a.b.c")]
    [InlineData("..")]
    [InlineData("a.b.c.d.e")]
    [InlineData("not a token\r\nX: y")]
    public async Task Should_refuse_when_it_is_no_token(string token)
    {
        (await CheckAsync(token)).Verdict.ShouldBe(TokenVerdict.Invalid);
    }

    [Fact]
    public async Task Should_refuse_unread_when_a_token_is_huge()
    {
        (await CheckAsync(Jwt.Of("alice", s_now + 60, $",\"pad\":\"{new string('x', TokenData.MaxLength)}\""))).Verdict.ShouldBe(TokenVerdict.Invalid);
    }

    [Theory]
    [InlineData("""{"alg":"none"}""")]
    [InlineData("""{"alg":"None","typ":"JWT"}""")]
    [InlineData("""{"alg":"HS384"}""")]
    [InlineData("""{"alg":"HS512"}""")]
    [InlineData("""{"alg":"RS256"}""")]
    [InlineData("""{"typ":"JWT"}""")]
    [InlineData("""{"alg":"HS256","crit":["b64"],"b64":false}""")]
    public async Task Should_refuse_when_the_header_asks_for_something_else(string header)
    {
        (await CheckAsync(Jwt.Hs256($$"""{"sub":"alice","exp":{{s_now + 60}}}""", header: header))).Verdict.ShouldBe(TokenVerdict.Invalid);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("HS256")]
    public async Task Should_refuse_when_there_is_no_signature(string alg)
    {
        (await CheckAsync(Jwt.Signed($$"""{"alg":"{{alg}}"}""", $$"""{"sub":"alice","exp":{{s_now + 60}}}""", _ => []))).Verdict.ShouldBe(TokenVerdict.Invalid);
    }

    [Fact]
    public async Task Should_refuse_when_another_key_signed()
    {
        (await CheckAsync(Jwt.Of("alice", s_now + 60, key: RandomNumberGenerator.GetBytes(32)))).Verdict.ShouldBe(TokenVerdict.Invalid);
    }

    [Fact]
    public async Task Should_refuse_when_the_payload_was_changed()
    {
        var parts = Jwt.Of("alice", s_now + 60).Split('.');
        var other = Jwt.Of("admin", s_now + 60).Split('.');

        (await CheckAsync($"{parts[0]}.{other[1]}.{parts[2]}")).Verdict.ShouldBe(TokenVerdict.Invalid);
    }

    [Fact]
    public async Task Should_accept_both_keys_when_the_key_is_rotated()
    {
        var next = RandomNumberGenerator.GetBytes(32);
        var validator = Validator(new SymmetricKeys([next, Jwt.Key], new TokenAudience(null, null)));

        (await validator.CheckAsync(Jwt.Of("alice", s_now + 60), new AppId(101))).Verdict.ShouldBe(TokenVerdict.Valid);
        (await validator.CheckAsync(Jwt.Of("alice", s_now + 60, key: next), new AppId(101))).Verdict.ShouldBe(TokenVerdict.Valid);
    }

    [Theory]
    [InlineData(Audience, "Valid")]
    [InlineData("\"iss\":\"login\",\"aud\":[\"other\",\"chat\"]", "Valid")]
    [InlineData("\"iss\":\"login\",\"aud\":\"other\"", "Invalid")]
    [InlineData("\"iss\":\"Login\",\"aud\":\"chat\"", "Invalid")]
    [InlineData("\"iss\":\"login\"", "Invalid")]
    [InlineData("\"aud\":\"chat\"", "Invalid")]
    [InlineData("\"iss\":\"\",\"aud\":\"\"", "Invalid")]
    public async Task Should_ask_for_issuer_and_audience_when_they_are_configured(string claims, string verdict)
    {
        var validator = Validator(new SymmetricKeys([Jwt.Key], new TokenAudience("login", "chat")));

        (await validator.CheckAsync(Jwt.Of("alice", s_now + 60, "," + claims), new AppId(101))).Verdict.ToString().ShouldBe(verdict);
    }

    [Fact]
    public async Task Should_answer_at_once_when_the_key_is_known()
    {
        var validator = Validator(new SymmetricKeys([Jwt.Key], new TokenAudience(null, null)));

        var check = validator.CheckAsync(Jwt.Of("alice", s_now + 60), new AppId(101));

        check.IsCompletedSuccessfully.ShouldBeTrue();
        (await check).Verdict.ShouldBe(TokenVerdict.Valid);
    }

    private ValueTask<TokenCheck> CheckAsync(string token) => Validator(new SymmetricKeys([Jwt.Key], new TokenAudience(null, null))).CheckAsync(token, new AppId(101));

    private TokenValidator Validator(ITokenKeys keys) => new(keys, TimeSpan.FromSeconds(30), Jwt.MaxLifetime, _time);
}
