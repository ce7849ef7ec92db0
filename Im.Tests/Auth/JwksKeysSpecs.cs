using System.Net;
using System.Security.Cryptography;
using Im.Actors.Sessions;
using Im.Node.Auth;
using Im.Protocol.Names;
using Im.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Im.Tests.Auth;

public sealed class JwksKeysSpecs : IAsyncLifetime, IDisposable
{
    private static readonly string s_alice = $$"""{"sub":"alice","exp":{{Jwt.Seconds + 36_000}}}""";

    private readonly FakeTimeProvider _time = new(Jwt.Now);
    private readonly RSA _rsa = RSA.Create(2048);
    private readonly RSA _next = RSA.Create(2048);
    private readonly ECDsa _ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private JwksServer _issuer = null!;
    private TokenValidator _validator = null!;

    public async Task InitializeAsync()
    {
        _issuer = await JwksServer.StartAsync();
        _issuer.Json = Jwt.Set(Jwt.Jwk(_rsa, "r1"), Jwt.Jwk(_ec, "e1"));
        _validator = Validator(_issuer.Url);
    }

    public async Task DisposeAsync() => await _issuer.DisposeAsync();

    public void Dispose()
    {
        _rsa.Dispose();
        _next.Dispose();
        _ec.Dispose();
    }

    [Fact]
    public async Task Should_accept_every_algorithm_of_the_list_when_a_published_key_signed()
    {
        (await VerdictAsync(Jwt.Rs256(s_alice, _rsa, "r1"))).ShouldBe(TokenVerdict.Valid);
        (await VerdictAsync(Jwt.Rs256(s_alice, _rsa, "r1", "PS256"))).ShouldBe(TokenVerdict.Valid);
        (await VerdictAsync(Jwt.Es256(s_alice, _ec, "e1"))).ShouldBe(TokenVerdict.Valid);
        (await VerdictAsync(Jwt.Rs256(s_alice, _rsa, null))).ShouldBe(TokenVerdict.Valid);
        _issuer.RequestsCount.ShouldBe(1);
    }

    [Fact]
    public async Task Should_refuse_when_a_token_is_signed_with_the_public_key_as_if_it_were_a_secret()
    {
        byte[][] guesses = [System.Text.Encoding.UTF8.GetBytes(_rsa.ExportSubjectPublicKeyInfoPem()), _rsa.ExportSubjectPublicKeyInfo(), _rsa.ExportRSAPublicKey(), _rsa.ExportParameters(false).Modulus!];
        foreach (var guess in guesses)
        {
            (await VerdictAsync(Jwt.Hs256(s_alice, guess, """{"alg":"HS256","kid":"r1"}"""))).ShouldBe(TokenVerdict.Invalid);
        }

        _issuer.RequestsCount.ShouldBe(0);
    }

    [Theory]
    [InlineData("RS384")]
    [InlineData("none")]
    public async Task Should_refuse_unasked_when_the_algorithm_is_not_of_the_list(string alg)
    {
        (await VerdictAsync(Jwt.Signed($$"""{"alg":"{{alg}}","kid":"r1"}""", s_alice, input => _rsa.SignData(input, HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1)))).ShouldBe(TokenVerdict.Invalid);

        _issuer.RequestsCount.ShouldBe(0);
    }

    [Fact]
    public async Task Should_refuse_when_another_key_signed_under_a_published_name()
    {
        (await VerdictAsync(Jwt.Rs256(s_alice, _next, "r1"))).ShouldBe(TokenVerdict.Invalid);
        (await VerdictAsync(Jwt.Rs256(s_alice, _rsa, "e1"))).ShouldBe(TokenVerdict.Invalid);
    }

    [Fact]
    public async Task Should_leave_out_keys_that_are_not_for_signatures_or_too_weak()
    {
        using var weak = RSA.Create(1024);
        _issuer.Json = Jwt.Set(
            Jwt.Jwk(_rsa, "enc", ",\"use\":\"enc\""), Jwt.Jwk(weak, "weak"), """{"kty":"oct","kid":"oct","k":"AAAA"}""", """{"kty":"RSA","kid":"broken","n":"%"}""", "7", Jwt.Jwk(_next, "ps", ",\"alg\":\"PS256\""));

        (await VerdictAsync(Jwt.Rs256(s_alice, _rsa, "enc"))).ShouldBe(TokenVerdict.Invalid);
        (await VerdictAsync(Jwt.Rs256(s_alice, weak, "weak"))).ShouldBe(TokenVerdict.Invalid);
        (await VerdictAsync(Jwt.Rs256(s_alice, _next, "ps"))).ShouldBe(TokenVerdict.Invalid);
        (await VerdictAsync(Jwt.Rs256(s_alice, _next, "ps", "PS256"))).ShouldBe(TokenVerdict.Valid);
    }

    [Fact]
    public async Task Should_find_a_new_key_but_ask_at_most_once_in_30_seconds_when_names_are_unknown()
    {
        await VerdictAsync(Jwt.Rs256(s_alice, _rsa, "r1"));
        _issuer.Json = Jwt.Set(Jwt.Jwk(_next, "r2"));
        (await VerdictAsync(Jwt.Rs256(s_alice, _next, "r2"))).ShouldBe(TokenVerdict.Invalid);
        _issuer.RequestsCount.ShouldBe(1);

        _time.Advance(JwksKeys.RefetchInterval);
        var checks = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => VerdictAsync(Jwt.Rs256(s_alice, _next, "r2")))));

        checks.ShouldAllBe(verdict => verdict == TokenVerdict.Valid);
        (await VerdictAsync(Jwt.Rs256(s_alice, _rsa, "r1"))).ShouldBe(TokenVerdict.Invalid);
        _issuer.RequestsCount.ShouldBe(2);
    }

    [Fact]
    public async Task Should_drop_a_key_that_is_published_no_more_when_five_minutes_have_passed()
    {
        await VerdictAsync(Jwt.Rs256(s_alice, _rsa, "r1"));
        _issuer.Json = Jwt.Set(Jwt.Jwk(_next, "r2"));
        _time.Advance(JwksKeys.RefreshInterval + TimeSpan.FromSeconds(1));

        await Until.TrueAsync(async () => await VerdictAsync(Jwt.Rs256(s_alice, _rsa, "r1")) == TokenVerdict.Invalid);
    }

    [Fact]
    public async Task Should_keep_the_known_keys_and_not_judge_others_when_the_issuer_is_down()
    {
        await VerdictAsync(Jwt.Rs256(s_alice, _rsa, "r1"));
        _issuer.Status = HttpStatusCode.InternalServerError;
        _time.Advance(JwksKeys.RefreshInterval + TimeSpan.FromSeconds(1));

        (await VerdictAsync(Jwt.Rs256(s_alice, _next, "r2"))).ShouldBe(TokenVerdict.Unavailable);
        (await VerdictAsync(Jwt.Rs256(s_alice, _rsa, "r1"))).ShouldBe(TokenVerdict.Valid);
        (await VerdictAsync(Jwt.Rs256(s_alice, _next, "r2"))).ShouldBe(TokenVerdict.Unavailable);
    }

    [Theory]
    [InlineData(HttpStatusCode.InternalServerError, null)]
    [InlineData(HttpStatusCode.Redirect, null)]
    [InlineData(HttpStatusCode.OK, "no json")]
    [InlineData(HttpStatusCode.OK, "{\"keys\":[]}")]
    [InlineData(HttpStatusCode.OK, "[]")]
    public async Task Should_say_that_it_cannot_tell_when_no_key_was_ever_had(HttpStatusCode status, string? json)
    {
        var good = _issuer.Json;
        (_issuer.Status, _issuer.Json) = (status, json ?? good);

        (await VerdictAsync(Jwt.Rs256(s_alice, _rsa, "r1"))).ShouldBe(TokenVerdict.Unavailable);

        (_issuer.Status, _issuer.Json) = (HttpStatusCode.OK, good);
        _time.Advance(JwksKeys.FirstInterval);
        (await VerdictAsync(Jwt.Rs256(s_alice, _rsa, "r1"))).ShouldBe(TokenVerdict.Valid);
    }

    [Fact]
    public async Task Should_say_that_it_cannot_tell_when_nobody_listens_there()
    {
        await _issuer.DisposeAsync();

        (await VerdictAsync(Jwt.Rs256(s_alice, _rsa, "r1"))).ShouldBe(TokenVerdict.Unavailable);
    }

    private async Task<TokenVerdict> VerdictAsync(string token) => (await _validator.CheckAsync(token, new AppId(101))).Verdict;

    private TokenValidator Validator(Uri url)
    {
        var keys = new JwksKeys(JwksClient.Create(url, TimeSpan.FromMinutes(1)), new TokenAudience(null, null), _time, NullLogger<JwksKeys>.Instance);
        return new TokenValidator(keys, TimeSpan.FromSeconds(30), Jwt.MaxLifetime, _time);
    }
}
