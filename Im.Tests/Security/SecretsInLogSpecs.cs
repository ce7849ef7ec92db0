using System.Net.Http.Json;
using Im.Cli.Token;
using Im.Node.Configuration;
using Im.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Im.Tests.Security;

public sealed class SecretsInLogSpecs
{
    [Fact]
    public async Task Should_log_no_token_key_or_message_when_the_log_is_at_its_most_talkative()
    {
        var node = await NodeFixture.StartAsync("--Im:Auth:Mode=jwt", "--Logging:LogLevel:Im=Trace", "--Logging:LogLevel:Default=Debug");
        try
        {
            var secrets = node.Services.GetRequiredService<NodeSecrets>();
            var token = TokenWriter.Sign(new TokenClaims("alice", null, null, null), Convert.FromBase64String(secrets.JwtKey), DateTimeOffset.UtcNow, TimeSpan.FromHours(1));
            await using var alice = await ChatSocket.ConnectAsync(node.WebSocket);
            (await alice.AskAsync($$$"""{"seq":"1","cmd":"login","data":{"v":2,"appId":101,"serviceToken":"{{{token}}}","device":"device-l1","platform":"web"}}"""))!.ShouldContain("\"code\":200");
            await alice.AskAsync("""{"seq":"2","cmd":"join","data":{"conv":"r:log"}}""");
            await alice.AskAsync("""{"seq":"3","cmd":"msg","data":{"conv":"r:log","msg":"between-you-and-me","ext":{"note":"between-us-two"}}}""");
            await alice.AskAsync("""{"seq":"4","cmd":"msg","data":{"conv":"r:log","msg":["between-brackets"]}}""");
            await alice.AskAsync("no json: between-lines");
            await using var eve = await ChatSocket.ConnectAsync(node.WebSocket);
            await eve.AskAsync("""{"seq":"1","cmd":"login","data":{"v":2,"appId":101,"serviceToken":"forged.between.dots","device":"device-l2","platform":"web"}}""");
            using var http = new HttpClient { BaseAddress = node.Http, DefaultRequestHeaders = { { "x-api-key", node.ApiKey } } };
            (await http.PostAsJsonAsync("api/v1/apps/101/users/alice:push", new { msg = "between-services" })).EnsureSuccessStatusCode();
            using var wrong = new HttpClient { BaseAddress = node.Http, DefaultRequestHeaders = { { "x-api-key", "wrong-key-between-scopes" } } };
            await wrong.PostAsJsonAsync("api/v1/apps/101/users/alice:push", new { msg = "x" });

            node.Log.ShouldNotBeEmpty();
            foreach (var secret in new[] { token, token.Split('.')[1], token.Split('.')[2], secrets.ApiKey, secrets.JwtKey, "between" }) node.Log.ShouldNotContain(secret);
        }
        finally
        {
            await node.DisposeAsync();
        }
    }
}
