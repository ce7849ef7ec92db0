using System.Diagnostics;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text.Json;
using Im.Cli.Token;
using Im.Node.Configuration;
using Im.Tests.Auth;
using Im.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Im.Tests.EndToEnd;

/// <summary>A node that asks for tokens, over real sockets; app 102 has one connection for each user.</summary>
public sealed class JwtNodeSpecs : IAsyncLifetime
{
    private NodeFixture _node = null!;

    public async Task InitializeAsync() =>
        _node = await NodeFixture.StartAsync("--Im:Auth:Mode=jwt", "--Im:AppPolicies:102:Devices=single");

    public Task DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task Should_let_in_who_has_a_token_of_the_nodes_key_and_keep_it_out_of_the_log()
    {
        var token = Token("alice");
        await using var socket = await ChatSocket.ConnectAsync(_node.WebSocket);

        var reply = JsonDocument.Parse((await socket.AskAsync(Login(token)))!).RootElement.GetProperty("response");

        reply.GetProperty("data").GetProperty("user").GetString().ShouldBe("alice");
        _node.Log.ShouldNotContain(token);
        _node.Log.ShouldNotContain(token.Split('.')[2]);
    }

    [Fact]
    public async Task Should_close_4002_when_a_token_is_forged()
    {
        var token = TokenWriter.Sign(new TokenClaims("alice", null, null, null), new byte[32], DateTimeOffset.UtcNow, TimeSpan.FromHours(1));
        await using var socket = await ChatSocket.ConnectAsync(_node.WebSocket);

        (await socket.AskAsync(Login(token)))!.ShouldContain("\"code\":1012");

        (await socket.ReceiveAsync()).ShouldBeNull();
        socket.CloseStatus.ShouldBe((WebSocketCloseStatus)4002);
        _node.Log.ShouldNotContain(token);
    }

    [Fact]
    public async Task Should_close_the_older_with_kicked_and_4006_when_the_policy_is_single()
    {
        await using var phone = await ChatSocket.ConnectAsync(_node.WebSocket);
        (await phone.AskAsync(Login(Token("bob"), 102, "device-phone", "ios")))!.ShouldContain("\"code\":200");
        await using var page = await ChatSocket.ConnectAsync(_node.WebSocket);
        (await page.AskAsync(Login(Token("bob"), 102, "device-page")))!.ShouldContain("\"code\":200");

        var kicked = await phone.ReceiveAsync();

        JsonDocument.Parse(kicked!).RootElement.GetProperty("response").GetProperty("data").GetRawText()
            .ShouldBe("""{"reason":"replaced by another login","platform":"web","device":"device-page"}""");
        (await phone.ReceiveAsync()).ShouldBeNull();
        phone.CloseStatus.ShouldBe((WebSocketCloseStatus)4006);
    }

    [Fact]
    public async Task Should_close_4003_within_a_second_when_a_back_end_revokes_the_users_tokens()
    {
        await using var socket = await ChatSocket.ConnectAsync(_node.WebSocket);
        (await socket.AskAsync(Login(Token("carol"))))!.ShouldContain("\"code\":200");
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_node.Http, "api/v1/apps/101/users/carol:revokeTokens"));
        request.Headers.Add("x-api-key", _node.ApiKey);
        request.Content = new StringContent($$"""{"issuedBeforeMs":{{DateTimeOffset.UtcNow.AddSeconds(1).ToUnixTimeMilliseconds()}}}""", System.Text.Encoding.UTF8, "application/json");

        (await http.SendAsync(request)).EnsureSuccessStatusCode();
        var started = Stopwatch.GetTimestamp();

        (await socket.ReceiveAsync()).ShouldBeNull();
        Stopwatch.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(1));
        socket.CloseStatus.ShouldBe((WebSocketCloseStatus)4003);
    }

    [Fact]
    public async Task Should_take_an_issuers_tokens_and_refuse_its_own_when_the_issuers_keys_are_named()
    {
        using var key = RSA.Create(2048);
        await using var issuer = await JwksServer.StartAsync();
        issuer.Json = Jwt.Set(Jwt.Jwk(key, "k1"));
        var node = await NodeFixture.StartAsync("--Im:Auth:Mode=jwt", $"--Im:Auth:Jwt:JwksUrl={issuer.Url}", "--Im:Auth:Jwt:Issuer=login", "--Im:Auth:Jwt:Audience=chat");
        try
        {
            await using var socket = await ChatSocket.ConnectAsync(node.WebSocket);
            var token = Jwt.Rs256($$"""{"sub":"alice","exp":{{DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 60}},"iss":"login","aud":"chat"}""", key, "k1");
            (await socket.AskAsync(Login(token)))!.ShouldContain("\"code\":200");

            await using var own = await ChatSocket.ConnectAsync(node.WebSocket);
            (await own.AskAsync(Login(Token("alice"))))!.ShouldContain("\"code\":1012");
        }
        finally
        {
            await node.DisposeAsync();
        }
    }

    [Fact]
    public async Task Should_close_4101_when_an_address_holds_too_many_connections_without_a_login()
    {
        var node = await NodeFixture.StartAsync("--Im:WebSocket:UnauthenticatedMaxCountPerAddress=2");
        try
        {
            await using var first = await ChatSocket.LogInAsync(node.WebSocket, 101, "alice");
            await using var second = await ChatSocket.ConnectAsync(node.WebSocket);
            await using var third = await ChatSocket.ConnectAsync(node.WebSocket);
            await using var fourth = await ChatSocket.ConnectAsync(node.WebSocket);

            (await fourth.ReceiveAsync()).ShouldBeNull();
            fourth.CloseStatus.ShouldBe((WebSocketCloseStatus)4101);
            await third.CloseAsync();
            await Until.TrueAsync(async () =>
            {
                await using var again = await ChatSocket.ConnectAsync(node.WebSocket);
                return (await again.AskAsync("""{"seq":"1","cmd":"ping"}"""))?.Contains("pong", StringComparison.Ordinal) == true;
            });
        }
        finally
        {
            await node.DisposeAsync();
        }
    }

    [Fact]
    public async Task Should_close_4001_when_nobody_logs_in_in_time()
    {
        await using var node = await NodeFixture.StartAsync("--Im:Auth:Mode=jwt", "--Im:WebSocket:LoginTimeout=00:00:02");
        await using var socket = await ChatSocket.ConnectAsync(node.WebSocket);
        (await socket.ReceiveAsync()).ShouldBeNull();
        socket.CloseStatus.ShouldBe((WebSocketCloseStatus)4001);
    }

    private static string Login(string token, uint app = 101, string device = "device-1", string platform = "web") =>
        $$$"""{"seq":"1","cmd":"login","data":{"v":2,"appId":{{{app}}},"serviceToken":"{{{token}}}","device":"{{{device}}}","platform":"{{{platform}}}"}}""";

    private string Token(string user) =>
        TokenWriter.Sign(new TokenClaims(user, null, null, null), Convert.FromBase64String(_node.Services.GetRequiredService<NodeSecrets>().JwtKey), DateTimeOffset.UtcNow, TimeSpan.FromHours(1));
}
