using System.Globalization;
using System.Net;
using System.Net.WebSockets;
using System.Text.RegularExpressions;
using Im.Cli.Nodes;
using Im.Node.Configuration;
using Im.Protocol;
using Im.Tests.Clustering;
using Im.Tests.Storage;
using Im.Tests.Storage.Postgres;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.EndToEnd;

/// <summary>Real processes that are drained by the server API.</summary>
[NeedsPostgres]
[Collection(PostgresCollection.Name)]
public sealed partial class DrainByOrderSpecs(PostgresServer server)
{
    private const string Login = """{"seq":"1","cmd":"login","data":{"v":2,"userId":"bob","appId":101,"device":"device-of-bob","platform":"web"}}""";

    [Fact]
    public async Task Should_say_how_far_it_is_and_end_to_be_started_again_when_it_is_told_so()
    {
        // One goes after the other, so that some are left while this process looks, however busy it is.
        await using var node = await NodeProcess.StartAsync("--Im:Drain:Timeout=00:00:15", "--Im:Drain:ConnectionsPerSecond=1");
        using var client = ClientOf(node);
        using var http = new HttpClient { BaseAddress = new Uri(node.BannerLine("Chat page")) };
        await using var bob = await ChatSocket.ConnectAsync(new Uri(node.BannerLine("WebSocket")));
        (await bob.AskAsync(Login))!.ShouldContain("\"code\":200");
        var others = await ChatSocket.ConnectAsync(new Uri(node.BannerLine("WebSocket")), 14);

        var answer = await client.DrainAsync("self", restart: true, default);

        answer.UnderWay.ShouldBeFalse();
        var left = 0;
        await Until.TrueAsync(async () =>
        {
            var ready = await http.GetAsync("/readyz");
            var told = Progress().Match(await ready.Content.ReadAsStringAsync());
            if (!told.Success) return false;
            ready.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            left = int.Parse(told.Groups["left"].ValueSpan, CultureInfo.InvariantCulture);
            return true;
        });
        left.ShouldBeInRange(1, 15);
        var self = (await client.GetClusterAsync(default)).Nodes.Single();
        (self.Ready, self.Drain.Total).ShouldBe((false, 15));
        self.Drain.Left.ShouldBeInRange(1, left);
        (await client.DrainAsync(self.Node, restart: false, default)).UnderWay.ShouldBeTrue();
        foreach (var other in others) await other.DisposeAsync();
        (await bob.ReceiveAsync())!.ShouldContain("\"cmd\":\"goaway\",\"response\":{\"code\":200,\"codeMsg\":\"Ok\",\"data\":{\"reason\":\"drain\",\"afterMs\":1000}}");
        (await bob.ReceiveAsync()).ShouldBeNull();
        bob.CloseStatus.ShouldBe((WebSocketCloseStatus)CloseCode.Drain);
        await bob.CloseAsync();
        (await node.WaitForExitAsync()).ShouldBe(ExitCodes.DrainedForRestart);
    }

    [StoreFact]
    public async Task Should_pass_the_order_on_and_see_the_node_leave_when_another_one_is_asked()
    {
        await using var cluster = await ClusterProcesses.StartAsync(server, 3, "--Im:Cluster:Tls:Mode=off");
        using var client = ClientOf(cluster[0]);
        var address = $"127.0.0.1:{cluster.Ports[2]}";
        var before = await client.GetClusterAsync(default);
        await Until.TrueAsync(async () => (before = await client.GetClusterAsync(default)).Nodes.All(node => node.Ready && node.Shards.Count == 2), () => before.ToString());
        before.Nodes.Select(node => node.Address).ShouldBe(cluster.Ports.Select(port => $"127.0.0.1:{port}"), ignoreOrder: true);

        await client.DrainAsync(address, restart: false, default);

        (await cluster[2].WaitForExitAsync()).ShouldBe(ExitCodes.Drained);
        var follower = new DrainFollower(client, before.Nodes.Single(node => node.Address == address)) { IsAsked = false };
        await Until.TrueAsync(async () => (await follower.LookAsync(default)).Phase == DrainPhase.Gone);
        await using var bob = await ChatSocket.ConnectAsync(new Uri(cluster[0].BannerLine("WebSocket")));
        (await bob.AskAsync(Login))!.ShouldContain("\"code\":200");
        await Until.TrueAsync(async () => (await client.GetClusterAsync(default)).Nodes is { Count: 2 } nodes && nodes.All(node => node.Ready));
    }

    [GeneratedRegex(@"^draining: (?<left>\d+) of 15 connections left\n$")]
    private static partial Regex Progress();

    private static AdminClient ClientOf(NodeProcess node) =>
        new(new Uri(node.BannerLine("Chat page")), System.Text.Json.JsonElement.Parse(File.ReadAllText(Path.Combine(node.DataDirectory, "secrets.json"))).GetProperty("apiKey").GetString());
}
