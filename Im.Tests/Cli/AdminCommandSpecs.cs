using System.CommandLine;
using Akka.Cluster;
using Im.Actors.Administration;
using Im.Cli.Commands;
using Im.Cli.Nodes;
using Im.Protocol.Ingress.V1;
using Im.Tests.Ingress;
using Shouldly;
using Xunit;

namespace Im.Tests.Cli;

/// <summary><c>im nodes</c> and <c>im drain</c> against the API as a node serves it.</summary>
public sealed class AdminCommandSpecs : IAsyncLifetime
{
    private const string Drained = "10.0.0.1:4053";

    private readonly IngressHost _host = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public Task InitializeAsync() => _host.InitializeAsync();

    public Task DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Should_show_a_row_of_each_node_and_how_far_a_drain_is()
    {
        (await RunAsync("nodes")).ShouldBe(0);

        var lines = Lines();
        lines[1].ShouldMatch(@"^n1 +10\.0\.0\.1:4053 +up.* 3 +2 +5 +6 +7\+8 +1\.2\.3 +1 m 1 s$");
        lines[2].ShouldContain("draining: 3 of 10 connections left  [#####################.........]  70 %  7/10");
        lines[3].ShouldStartWith("n2 ");
        lines[4].ShouldMatch(@"^- +10\.0\.0\.3:4053 +weaklyup.*\?\+\? +1\.2\.2 +\?$");
    }

    [Fact]
    public async Task Should_print_the_answer_as_it_is_when_asked_for_json()
    {
        (await RunAsync("nodes --json")).ShouldBe(0);

        GetClusterResponse.Parser.ParseJson(_output.ToString()).Nodes.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Should_say_what_the_node_says_when_it_refuses()
    {
        (await RunAsync("nodes", IngressHost.KeyOf("push"))).ShouldBe(1);

        _error.ToString().ShouldContain("lacks the scope 'admin'");
    }

    [Fact]
    public async Task Should_say_which_node_does_not_answer()
    {
        var address = _host.HttpAddress;
        await _host.DisposeAsync();

        (await ParseAsync($"nodes --api {address}")).ShouldBe(1);

        _error.ToString().ShouldContain(address);
    }

    [Fact]
    public async Task Should_follow_a_drain_until_the_node_has_left()
    {
        Script(Member(10, 1, MemberStatus.Up), Member(4, 1, MemberStatus.Up, new DrainProgress(10, 4)), Member(0, 1, MemberStatus.Leaving), null);

        (await RunAsync($"drain {Drained}")).ShouldBe(0);

        _host.Cluster.Drains.ShouldBe([(Drained, false)]);
        Lines().Length.ShouldBe(3);
        _host.Cluster.Next.Count.ShouldBe(1, "it has looked until the end");
    }

    [Fact]
    public async Task Should_wait_until_a_new_process_is_ready_when_it_is_to_come_back()
    {
        Script(Member(10, 1, MemberStatus.Up), Member(0, 1, MemberStatus.Exiting), null, Member(0, 2, MemberStatus.Joining, isReady: false), Member(0, 2, MemberStatus.Up));

        (await RunAsync($"drain {Drained} --restart")).ShouldBe(0);

        _host.Cluster.Drains.ShouldBe([(Drained, true)]);
        _host.Cluster.Next.Count.ShouldBe(1);
        Lines().Length.ShouldBe(4);
    }

    [Fact]
    public async Task Should_fail_when_it_takes_too_long()
    {
        Script(Member(10, 1, MemberStatus.Up));

        (await RunAsync($"drain {Drained} --wait 1")).ShouldBe(1);

        _error.ToString().ShouldContain("1");
    }

    [Fact]
    public async Task Should_return_at_once_when_it_is_not_to_wait()
    {
        Script(Member(10, 1, MemberStatus.Up));

        (await RunAsync($"drain {Drained} --no-wait")).ShouldBe(0);
    }

    [Fact]
    public async Task Should_hold_the_silence_of_the_node_it_asks_for_the_end_of_its_drain()
    {
        using var client = new AdminClient(new Uri(_host.HttpAddress), IngressHost.Key);
        var node = (await client.GetClusterAsync(default)).Nodes[0];
        await _host.DisposeAsync();

        (await new DrainFollower(client, node) { IsAsked = true }.LookAsync(default)).Phase.ShouldBe(DrainPhase.Leaving);
        await Should.ThrowAsync<AdminException>(() => new DrainFollower(client, node) { IsAsked = false }.LookAsync(default));
    }

    [Theory]
    [InlineData(0, 0, "[##############################] 100 %  0/0")]
    [InlineData(2000, 2000, "[..............................]   0 %  0/2,000")]
    [InlineData(10, 12, "[..............................]   0 %  0/10")]
    public void Should_draw_a_bar(long total, long left, string expected) => ProgressText.Bar(total, left).ShouldBe(expected);

    /// <summary>Asked is another node than the one that drains.</summary>
    private void Script(params ClusterMember?[] members)
    {
        _host.Cluster.Next.Clear();
        foreach (var member in members) _host.Cluster.Next.Enqueue(new ClusterReport("10.0.0.2:4053", member is null ? [] : [member]));
    }

    private static ClusterMember Member(long connections, int incarnation, MemberStatus status, DrainProgress? drain = null, bool isReady = true) => new(
        Drained, incarnation, status, true, false, false, [], "1.2.3",
        new NodeReport($"n{incarnation}", TimeSpan.Zero, new NodeCondition(isReady && drain is null, "", drain), connections, 0, 0, 0, new Dictionary<string, int>()));

    private Task<int> RunAsync(string line, string key = IngressHost.Key) => ParseAsync($"{line} --api {_host.HttpAddress} --api-key {key}");

    private Task<int> ParseAsync(string line) => ImCommand.Create().Parse(line).InvokeAsync(new InvocationConfiguration { Output = _output, Error = _error });

    private string[] Lines() => _output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
