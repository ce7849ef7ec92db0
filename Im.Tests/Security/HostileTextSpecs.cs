using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Security;

/// <summary>Names and texts that are statements to a database, through a whole node and its store: they come back as they were.</summary>
public sealed class HostileTextSpecs(NodeFixture node) : IClassFixture<NodeFixture>
{
    [Theory]
    [InlineData("x'; DROP TABLE message; --")]
    [InlineData("\"; DELETE FROM conversation; --")]
    [InlineData("%' OR '1'='1")]
    [InlineData("$1 ?1 @app :user {0} ${jndi:ldap://x}")]
    [InlineData("\\x27 \\' \\\\ ;")]
    public async Task Should_keep_a_statement_as_text(string hostile)
    {
        var json = System.Text.Json.JsonSerializer.Serialize(hostile);
        var group = System.Text.Json.JsonSerializer.Serialize("g:" + hostile.Replace('/', '_').Replace('|', '_'));
        await using var alice = await LogInAsync(json);
        (await alice.AskAsync(Command("group", $"\"op\":\"create\",\"conv\":{group},\"name\":{json},\"users\":[\"bob\"]")))!.ShouldContain("\"code\":200");
        (await alice.AskAsync(Command("msg", $"\"conv\":{group},\"msg\":{json},\"ext\":{{{json}:{json}}}")))!.ShouldContain("\"mseq\":2");

        await using var bob = await LogInAsync("\"bob\"");
        var page = new Received((await bob.AskAsync(Command("history", $"\"conv\":{group}")))!).Data;

        page.GetProperty("head").GetInt64().ShouldBe(2);
        var record = page.GetProperty("msgs")[1];
        (record.GetProperty("msg").GetString(), record.GetProperty("from").GetString(), record.GetProperty("ext").GetProperty(hostile).GetString()).ShouldBe((hostile, hostile, hostile));
    }

    private async Task<ChatSocket> LogInAsync(string user)
    {
        var socket = await ChatSocket.ConnectAsync(node.WebSocket);
        (await socket.AskAsync(Command("login", $"\"v\":2,\"userId\":{user},\"appId\":101,\"device\":\"device-h1\",\"platform\":\"web\"")))!.ShouldContain("\"code\":200");
        return socket;
    }

    private static string Command(string name, string members) => $"{{\"seq\":\"1\",\"cmd\":\"{name}\",\"data\":{{{members}}}}}";
}
