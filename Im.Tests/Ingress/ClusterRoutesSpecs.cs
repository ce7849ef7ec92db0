using System.Net;
using Grpc.Core;
using Im.Actors.Administration;
using Im.Protocol.Ingress.V1;
using Shouldly;
using Xunit;

namespace Im.Tests.Ingress;

/// <summary>The operators' calls, in both forms.</summary>
public sealed class ClusterRoutesSpecs(IngressHost host) : IClassFixture<IngressHost>
{
    [Fact]
    public async Task Should_tell_each_member_and_what_it_says_of_itself_by_http()
    {
        var (status, body) = await host.GetAsync("/api/v1/cluster");

        status.ShouldBe(HttpStatusCode.OK);
        body.GetProperty("asked").GetString().ShouldBe("10.0.0.1:4053");
        body.GetProperty("partial").GetBoolean().ShouldBeTrue();
        var nodes = body.GetProperty("nodes").EnumerateArray().ToList();
        nodes.Select(node => node.GetProperty("status").GetString()).ShouldBe(["UP", "LEAVING", "WEAKLY_UP"]);
        nodes[0].GetProperty("reason").GetString().ShouldBe("draining: 3 of 10 connections left");
        nodes[0].GetProperty("drain").GetProperty("left").GetInt64().ShouldBe(3);
        nodes[0].GetProperty("shards").GetProperty("conversation").GetInt32().ShouldBe(8);
        nodes[0].GetProperty("uptimeMs").GetInt64().ShouldBe(61_000);
    }

    [Fact]
    public async Task Should_tell_every_field_by_grpc()
    {
        var answer = await new AdminService.AdminServiceClient(host.Grpc).GetClusterAsync(new GetClusterRequest());

        answer.Nodes.ShouldBe(
        [
            new ClusterNode
            {
                Node = "n1", Address = "10.0.0.1:4053", Status = ClusterNode.Types.Status.Up, Reachable = true, Answered = true, Reason = "draining: 3 of 10 connections left",
                Drain = new Drain { Total = 10, Left = 3 }, Leader = true, Oldest = true, Roles = { "chat" }, Version = "1.2.3", Incarnation = 11, UptimeMs = 61_000, Connections = 3,
                LoggedIn = 2, Sessions = 5, Conversations = 6, Shards = { ["session"] = 7, ["conversation"] = 8 },
            },
            new ClusterNode { Node = "n2", Address = "10.0.0.2:4053", Status = ClusterNode.Types.Status.Leaving, Reachable = true, Answered = true, Ready = true, Reason = "ready", Version = "1.2.3", Incarnation = 12 },
            new ClusterNode { Address = "10.0.0.3:4053", Status = ClusterNode.Types.Status.WeaklyUp, Version = "1.2.2", Incarnation = -13 },
        ]);
    }

    [Theory]
    [InlineData("10.0.0.1:4053", "10.0.0.1:4053")]
    [InlineData("10.0.0.1%3A4053", "10.0.0.1:4053")]
    [InlineData("n1", "n1")]
    [InlineData("%5B%3A%3A1%5D:4053", "[::1]:4053")]
    public async Task Should_pass_the_order_on_with_the_node_as_it_was_named(string segment, string node)
    {
        var (status, body) = await host.PostAsync($"/api/v1/cluster/nodes/{segment}:drain", """{"restart":true}""");

        status.ShouldBe(HttpStatusCode.OK, body.ToString());
        host.Cluster.Drains.Last().ShouldBe((node, true));
        (body.GetProperty("node").GetString(), body.GetProperty("address").GetString(), body.GetProperty("underWay").GetBoolean()).ShouldBe(("n1", "10.0.0.1:4053", false));
    }

    [Fact]
    public async Task Should_not_restart_unless_it_is_said()
    {
        await host.PostAsync("/api/v1/cluster/nodes/n1:drain");

        host.Cluster.Drains.Last().ShouldBe(("n1", false));
    }

    [Theory]
    [InlineData(DrainOutcome.NoSuchNode, StatusCode.NotFound, "its members are 10.0.0.1:4053, 10.0.0.2:4053, 10.0.0.3:4053")]
    [InlineData(DrainOutcome.NoAnswer, StatusCode.Unavailable, "it may drain or not")]
    public async Task Should_say_why_a_node_does_not_surely_drain(DrainOutcome outcome, StatusCode code, string why)
    {
        host.Cluster.Outcome = outcome;
        var call = async () => await new AdminService.AdminServiceClient(host.Grpc).DrainNodeAsync(new DrainNodeRequest { Node = "n1" });
        var error = await call.ShouldThrowAsync<RpcException>();
        host.Cluster.Outcome = DrainOutcome.Begun;

        error.StatusCode.ShouldBe(code);
        error.Status.Detail.ShouldContain(why);
    }

    [Fact]
    public async Task Should_say_that_it_drained_already()
    {
        host.Cluster.Outcome = DrainOutcome.UnderWay;
        var (_, body) = await host.PostAsync("/api/v1/cluster/nodes/n1:drain");
        host.Cluster.Outcome = DrainOutcome.Begun;

        body.GetProperty("underWay").GetBoolean().ShouldBeTrue();
    }
}
