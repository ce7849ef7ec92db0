using System.Net;
using System.Text;
using Im.Cli.Verify.Cluster;
using Im.Tests.Client;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Verify;

/// <summary>Who stays on the sockets of a frozen node: senders that are there, and no others, or the figures leave out healthy nodes' users.</summary>
public sealed class NodeConnectionsSpecs(NodeFixture node) : IClassFixture<NodeFixture>
{
    [Fact]
    public async Task Should_find_who_is_connected_when_a_node_is_asked()
    {
        await using var alice = await ChatClients.StartAsync(node, "alice", "device-0001");
        using var http = new HttpClient { BaseAddress = node.Http };

        (await new NodeConnections(http, node.ApiKey, 101).DevicesOfAsync(["alice", "nobody"], CancellationToken.None)).ShouldBe(["device-0001"]);
    }

    [Fact]
    public async Task Should_leave_out_devices_of_other_nodes()
    {
        using var http = new HttpClient(new Answers(path => path switch
        {
            "/api/v1/cluster" => """{"asked":"10.0.0.2:4053","nodes":[{"node":"n1","address":"10.0.0.1:4053"},{"node":"n2","address":"10.0.0.2:4053"}]}""",
            "/api/v1/apps/101/users/alice/connections" => """{"connections":[{"node":"n1","device":"a-1"},{"node":"n2","device":"a-2"}]}""",
            _ => """{"connections":[{"node":"n2","device":"b-1"}]}""",
        })) { BaseAddress = new Uri("http://10.0.0.2:8080") };

        (await new NodeConnections(http, "key", 101).DevicesOfAsync(["alice", "bob"], CancellationToken.None)).ShouldBe(["a-2", "b-1"], ignoreOrder: true);
    }

    [Fact]
    public void Should_hold_every_second_sender_of_the_frozen_node_and_none_of_another()
    {
        string[] senders = ["a", "b", "c", "d", "e", "f"];
        var there = new HashSet<string> { "b", "d", "f", "b-2" };

        ProcessFaults.EverySecond(senders, there.Contains).ShouldBe(["b", "f"]);
        ProcessFaults.EverySecond(senders, sender => sender == "d").ShouldBe(["d"]);
    }

    private sealed class Answers(Func<string, string> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.GetValues("x-api-key").ShouldBe(["key"]);
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(answer(request.RequestUri!.AbsolutePath), Encoding.UTF8, "application/json") });
        }
    }
}
