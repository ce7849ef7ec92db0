using System.Net.WebSockets;
using System.Security.Cryptography;
using Im.Tests.Auth;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.BadInput;

/// <summary>Forged, expired and foreign tokens at a real node that asks for tokens of the issuer "login" for "chat".</summary>
public sealed class TokenInputSpecs : IAsyncLifetime
{
    private const string Audience = "\"iss\":\"login\",\"aud\":\"chat\"";

    private static readonly long Now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();

    /// <summary>Name, token of the user <c>%</c>, and the reply code.</summary>
    private static readonly (string Name, Func<string, string> Token, int Code)[] Cases =
    [
        ("empty", _ => "", 1012),
        ("text", _ => "let me in", 1012),
        ("three dots", _ => "...", 1012),
        ("no header", user => Jwt.Hs256(Good(user))[Jwt.Hs256(Good(user)).IndexOf('.', StringComparison.Ordinal)..], 1012),
        ("no signature", user => Jwt.Hs256(Good(user))[..(Jwt.Hs256(Good(user)).LastIndexOf('.') + 1)], 1012),
        ("half a signature", user => Jwt.Hs256(Good(user))[..^20], 1012),
        ("another signature", user => Jwt.Hs256(Good(user))[..^4] + "AAAA", 1012),
        ("another key", user => Jwt.Hs256(Good(user), RandomNumberGenerator.GetBytes(32)), 1012),
        ("an empty key", user => Jwt.Hs256(Good(user), []), 1012),
        ("alg none", user => Jwt.Signed("""{"alg":"none"}""", Good(user), _ => []), 1012),
        ("alg NONE with a signature", user => Jwt.Hs256(Good(user), header: """{"alg":"NONE"}"""), 1012),
        ("alg RS256", user => Jwt.Hs256(Good(user), header: """{"alg":"RS256"}"""), 1012),
        ("alg HS512", user => Jwt.Hs256(Good(user), header: """{"alg":"HS512"}"""), 1012),
        ("unknown crit", user => Jwt.Hs256(Good(user), header: """{"alg":"HS256","crit":["x"],"x":1}"""), 1012),
        ("kid of a path", user => Jwt.Hs256(Good(user), RandomNumberGenerator.GetBytes(32), """{"alg":"HS256","kid":"../../dev/null"}"""), 1012),
        ("jwk in the header", user => Jwt.Hs256(Good(user), new byte[32], """{"alg":"HS256","jwk":{"kty":"oct","k":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}}"""), 1012),
        ("expired a minute ago", user => Of(user, $"\"exp\":{Now - 60},{Audience}"), 1011),
        ("expired long ago", user => Of(user, $"\"exp\":1,{Audience}"), 1011),
        ("no exp", user => Of(user, Audience), 1012),
        ("exp of text", user => Of(user, $"\"exp\":\"soon\",{Audience}"), 1012),
        ("exp too far away", user => Of(user, $"\"exp\":{Now + 400 * 86_400},{Audience}"), 1012),
        ("not yet", user => Of(user, $"\"exp\":{Now + 600},\"nbf\":{Now + 300},{Audience}"), 1012),
        ("issued in the future", user => Of(user, $"\"exp\":{Now + 600},\"iat\":{Now + 300},{Audience}"), 1012),
        ("no issuer", user => Of(user, $"\"exp\":{Now + 600},\"aud\":\"chat\""), 1012),
        ("another issuer", user => Of(user, $"\"exp\":{Now + 600},\"iss\":\"other\",\"aud\":\"chat\""), 1012),
        ("no audience", user => Of(user, $"\"exp\":{Now + 600},\"iss\":\"login\""), 1012),
        ("another audience", user => Of(user, $"\"exp\":{Now + 600},\"iss\":\"login\",\"aud\":[\"mail\"]"), 1012),
        ("another app", user => Of(user, $"\"exp\":{Now + 600},\"app\":102,{Audience}"), 1012),
        ("another user", user => Jwt.Hs256(Good("other-" + user)), 1012),
        ("no subject", _ => Jwt.Hs256($"{{\"exp\":{Now + 600},{Audience}}}"), 1012),
        ("a subject of a number", _ => Jwt.Hs256($"{{\"sub\":7,\"exp\":{Now + 600},{Audience}}}"), 1012),
        ("a subject with a bar", _ => Jwt.Hs256($"{{\"sub\":\"a|b\",\"exp\":{Now + 600},{Audience}}}"), 1012),
        ("a payload that is no object", _ => Jwt.Hs256("[1]"), 1012),
        ("a payload that is no JSON", _ => Jwt.Hs256("sub=alice"), 1012),
        ("huge", user => Of(user, $"\"exp\":{Now + 600},{Audience},\"pad\":\"{new string('x', 9_000)}\""), 1012),
    ];

    private NodeFixture _node = null!;

    public async Task InitializeAsync() => _node = await NodeFixture.StartAsync(
        "--Im:Auth:Mode=jwt", $"--Im:Auth:Jwt:Key={Convert.ToBase64String(Jwt.Key)}", "--Im:Auth:Jwt:Issuer=login", "--Im:Auth:Jwt:Audience=chat");

    public Task DisposeAsync() => _node.DisposeAsync();

    /// <summary>One node for all: a test of each would start one for each.</summary>
    [Fact]
    public async Task Should_refuse_every_wrong_token_at_login_with_its_code_and_close_4002()
    {
        var wrong = new List<string>();
        foreach (var (index, (name, token, code)) in Cases.Index())
        {
            var user = $"user-{index}";
            await using var socket = await ChatSocket.ConnectAsync(_node.WebSocket);
            var reply = new Received((await socket.AskAsync(Login(user, token(user))))!);
            if (reply.Code != 200) await socket.ReceiveAsync();
            if (reply.Code != code || socket.CloseStatus != (WebSocketCloseStatus)4002) wrong.Add($"{name}: {reply.Code}, closed {socket.CloseStatus}");
        }

        wrong.ShouldBeEmpty();
        await ShouldServeAsync();
    }

    [Fact]
    public async Task Should_refuse_every_wrong_token_in_place_of_a_good_one_and_close_4002()
    {
        var wrong = new List<string>();
        foreach (var (index, (name, token, code)) in Cases.Index().Where(one => one.Item.Name != "empty"))
        {
            var user = $"renew-{index}";
            await using var socket = await ChatSocket.ConnectAsync(_node.WebSocket);
            (await socket.AskAsync(Login(user, Jwt.Hs256(Good(user)))))!.ShouldContain("\"code\":200");
            var reply = new Received((await socket.AskAsync($$$"""{"seq":"t","cmd":"token","data":{"serviceToken":"{{{token(user)}}}"}}"""))!);
            if (reply.Code != 200) await socket.ReceiveAsync();
            if (reply.Code != code || socket.CloseStatus != (WebSocketCloseStatus)4002) wrong.Add($"{name}: {reply.Code}, closed {socket.CloseStatus}");
        }

        wrong.ShouldBeEmpty();
        await ShouldServeAsync();
    }

    private async Task ShouldServeAsync()
    {
        await using var good = await ChatSocket.ConnectAsync(_node.WebSocket);
        (await good.AskAsync(Login("good", Jwt.Hs256(Good("good")))))!.ShouldContain("\"code\":200");
    }

    private static string Good(string user) => $"{{\"sub\":\"{user}\",\"exp\":{Now + 600},\"iat\":{Now},{Audience}}}";

    private static string Of(string user, string claims) => Jwt.Hs256($"{{\"sub\":\"{user}\",{claims}}}");

    private static string Login(string user, string token) =>
        $$$"""{"seq":"1","cmd":"login","data":{"v":2,"userId":"{{{user}}}","appId":101,"serviceToken":"{{{token}}}","device":"device-t1","platform":"web"}}""";
}
