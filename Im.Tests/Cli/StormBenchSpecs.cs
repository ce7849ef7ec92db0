using System.Text;
using Im.Cli.Bench;
using Im.Cli.Bench.Engine;
using Im.Cli.Bench.Measure;
using Im.Cli.Bench.Report;
using Im.Cli.Bench.Room;
using Im.Cli.Bench.Storm;
using Im.Cli.Bench.Targets;
using Im.Cli.Bench.Wire;
using Im.Node.Configuration;
using Im.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Im.Tests.Cli;

/// <summary><c>im bench storm</c>: a small run against a node, and how it checks what the clients get.</summary>
public sealed class StormBenchSpecs
{
    [Theory]
    [InlineData("guest")]
    [InlineData("jwt")]
    public async Task Should_have_everybody_back_with_what_it_missed(string auth)
    {
        var node = await NodeFixture.StartAsync($"--Im:Auth:Mode={auth}");
        try
        {
            var plan = new StormPlan(Clients: 20, RoomSize: 8, Missed: 3, During: 2, SizeBytes: 64, Rounds: 2, auth == "jwt", TimeSpan.FromSeconds(60));
            var key = node.Services.GetRequiredService<NodeSecrets>().JwtKey;
            var tokens = (plan.Jwt ? new LoginMode(Convert.FromBase64String(key)) : LoginMode.Guest).Tokens(plan.Clients, 101, "t");
            var console = new BenchConsole(TextWriter.Null, TextWriter.Null, json: false, terminal: false);
            await using var target = NodeTarget.Running(Endpoint.Resolve(node.WebSocket, 4), [node.Http], node.Grpc, node.ApiKey, ServerProcesses.Unknown);

            var report = await new StormScenario(console, new LoadShape(2, plan.Clients, 0), plan).RunAsync(target, 101, "t", tokens, CancellationToken.None);

            report.Problems.ShouldBeEmpty();
            report.Rounds.Count.ShouldBe(2);
            report.Rounds.ShouldAllBe(round => round.Back.Done == 20 && round.Faults.None && round.InAnswers >= 20 * 3 && round.InAnswers + round.Pushed == 20 * 5);
        }
        finally
        {
            await node.DisposeAsync();
        }
    }

    [Fact]
    public void Should_count_a_repetition_apart_when_a_message_comes_in_the_answer_and_as_a_push()
    {
        var book = new StormBook(1);
        var connection = new ClientConnection(0, 0, 1);

        book.OnReply(connection, WireMessage.Reply(Step.Login, 200), Login(0, 1));
        book.OnPush(connection, new WireMessage(WireKind.Broadcast, Number: 1), 0);
        book.OnPush(connection, new WireMessage(WireKind.Broadcast, Number: 2), 0);

        book.Check([4]).ShouldBe(new DeliveryFaults(Missing: 1, Doubled: 0, Misordered: 0));
        book.Repeated.ShouldBe(1);
        (book.InAnswers, book.Pushed, book.Have(0), book.NotRecovered).ShouldBe((2, 1, 2, 0));
    }

    [Fact]
    public void Should_count_a_login_whose_answer_is_not_the_whole_gap()
    {
        var book = new StormBook(1);

        book.OnReply(new ClientConnection(0, 0, 1), WireMessage.Reply(Step.Login, 200), Encoding.UTF8.GetBytes("""{"convs":[{"recovered":false,"msgs":[]}]}"""));

        book.NotRecovered.ShouldBe(1);
    }

    [Fact]
    public void Should_log_in_with_the_place_of_the_last_message_that_it_has()
    {
        var log = new RoomLog("t", 2);
        log.Add(1, "k3", 7);
        log.Add(1, "k3", 9);
        var wire = new StormWire(101, "t", log, room: user => user, have: _ => 1, tokens: ["a", "b"]) { Try = 2 };

        Text(wire, 0).ShouldNotContain("cursors");
        Text(wire, 1).ShouldContain("\"serviceToken\":\"b\"");
        Text(wire, 1).ShouldEndWith(""" "try":2,"cursors":{"r:storm-t-1":["k3",9]}}}""".Trim());
    }

    private static string Text(StormWire wire, int user)
    {
        var target = new byte[1024];
        return Encoding.UTF8.GetString(target, 0, wire.Login(target, user));
    }

    /// <summary>The answer to a login with these messages in it.</summary>
    private static byte[] Login(params int[] numbers)
    {
        var messages = numbers.Select(number => $"{{\"msg\":\"{MarkerText.Of(number, 0, 40)}\",\"from\":\"x\"}}");
        return Encoding.UTF8.GetBytes($"{{\"seq\":\"q1\",\"cmd\":\"login\",\"response\":{{\"code\":200,\"data\":{{\"convs\":[{{\"recovered\":true,\"msgs\":[{string.Join(',', messages)}]}}]}}}}}}");
    }
}
