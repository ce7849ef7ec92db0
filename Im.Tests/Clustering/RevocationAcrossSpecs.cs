using Im.Actors.Sessions;
using Im.Actors.Sessions.Revocations;
using Im.Node.Auth;
using Im.Protocol;
using Im.Protocol.Names;
using Im.Tests.Auth;
using Im.Tests.Edge;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Clustering;

[Collection(ActorClusterTests.Name)]
public sealed class RevocationAcrossSpecs
{
    [Fact]
    public async Task Should_close_4003_on_every_node_and_let_nobody_in_there_when_a_token_is_revoked_on_one()
    {
        await using var cluster = await ActorCluster.StartAsync(2, identity: time => new IdentityServices
        {
            Tokens = new TokenValidator(new SymmetricKeys([Jwt.Key], new TokenAudience(null, null)), TimeSpan.FromSeconds(30), Jwt.MaxLifetime, time),
            Revocations = new RevocationTable(time, Jwt.MaxLifetime),
            Gate = new LoginGate(new LoginGateSettings(), time),
        });
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var token = Jwt.Of("rev-across", now + 3600, $",\"iat\":{now - 10}");
        var clients = new[] { await LoginAsync(cluster[0], token, "device-1"), await LoginAsync(cluster[1], token, "device-2") };

        await cluster[0].Broker.RevokeTokensAsync(Pushes.App, new UserId("rev-across"), null, DateTimeOffset.UtcNow, null, default);

        foreach (var client in clients) (await client.ClosedAsync()).ShouldBe(4003);
        (await LoginAsync(cluster[1], token, "device-3")).ClosedWith.ShouldNotBe(0);
    }

    /// <returns>A client that is in, or was closed; a node that has not read the revocations yet, or whose owners answer late, is asked again.</returns>
    private static async Task<MemoryClient> LoginAsync(ActorNode node, string token, string device)
    {
        while (true)
        {
            var client = node.Connect();
            client.Send("login", "login", $$"""{"v":2,"appId":101,"serviceToken":"{{token}}","device":"{{device}}","platform":"web"}""");
            await Until.TrueAsync(() => client.ClosedWith != 0 || client.Count(message => message.Seq == "login") > 0);
            if (client.Count(message => message.Seq == "login" && message.Code == 200) > 0) return client;
            var code = await client.ClosedAsync();
            if ((CloseCode)code is not (CloseCode.AuthUnavailable or CloseCode.Overloaded)) return client;
        }
    }
}
