using Im.Cli.Bench;
using Im.Cli.Bench.Clients;
using Im.Cli.Bench.Clients.Processes;
using Im.Cli.Bench.Connect;
using Im.Cli.Bench.Engine;
using Im.Cli.Bench.Measure;
using Im.Cli.Bench.Report;
using Im.Cli.Bench.Targets;
using Im.Cli.Bench.Wire;
using Im.Node.Configuration;
using Im.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Im.Tests.Cli;

/// <summary><c>im bench connect</c>: small runs against nodes.</summary>
public sealed class ConnectBenchSpecs
{
    private const int Count = 12;

    [Fact]
    public async Task Should_let_guests_and_tokens_take_turns()
    {
        var (open, closed) = (await NodeFixture.StartAsync(), await NodeFixture.StartAsync("--Im:Auth:Mode=jwt"));
        try
        {
            var key = Convert.FromBase64String(closed.Services.GetRequiredService<NodeSecrets>().JwtKey);
            await using var guests = Target(open);
            await using var tokens = Target(closed);

            var targets = await RunAsync(rounds: 2, Party(guests, "im", LoginMode.Guest), Party(tokens, "im-jwt", new LoginMode(key)));

            var report = ConnectReport.Of(targets);
            report.Problems.ShouldBeEmpty();
            targets.Select(target => (target.Target, target.Round)).ShouldBe([("im", 1), ("im-jwt", 1), ("im", 2), ("im-jwt", 2)]);
            targets.ShouldAllBe(target => target.Steps.Single().Waves.All(wave => wave.Done == Count) && target.Steps.Single().Memory.Connections == Count);
            report.Logins.Select(logins => logins.Target).ShouldBe(["im", "im-jwt"]);
        }
        finally
        {
            await open.DisposeAsync();
            await closed.DisposeAsync();
        }
    }

    [Fact]
    public async Task Should_say_what_was_answered_when_the_node_has_another_key()
    {
        var node = await NodeFixture.StartAsync("--Im:Auth:Mode=jwt");
        try
        {
            await using var target = Target(node);

            var failure = await Should.ThrowAsync<BenchException>(() => RunAsync(rounds: 1, Party(target, "im-jwt", LoginMode.NewJwt())));

            failure.Message.ShouldContain("login: code 1012");
        }
        finally
        {
            await node.DisposeAsync();
        }
    }

    [Fact]
    public void Should_take_the_middle_of_the_rounds()
    {
        var report = ConnectReport.Of([.. new[] { (1, 50), (2, 100), (3, 200) }.Select(round => Rated(round.Item1, round.Item2))]);

        report.Logins.ShouldHaveSingleItem().ShouldBe(new ConnectLogins("im", 100, 50, 200));
        ConnectReport.Of([Rated(1, 50)]).Logins.ShouldBeEmpty();
    }

    private static ConnectTargetReport Rated(int round, int logins) => new(
        "im",
        round,
        "im level 2",
        [new ConnectStep([Wave(Step.Connect, 1), Wave(Step.Login, logins)], new MemorySample(logins, 0, 0, null, null, null))],
        null,
        null,
        new ClientLoad(0, 0, 0),
        new Dictionary<string, int>());

    private static WaveResult Wave(Step step, int done) => new(step, done, 0, TimeSpan.FromSeconds(1), Latencies.Create());

    private static NodeTarget Target(NodeFixture node) => NodeTarget.Running(Endpoint.Resolve(node.WebSocket, 4), [node.Http], null, node.ApiKey, ServerProcesses.Unknown);

    private static ConnectParty Party(NodeTarget node, string name, LoginMode mode) => new(node, name, "im level 2", true, () =>
    {
        var settings = new CrowdSettings([node.Endpoints.All[0].Url], 4, 2, 101, "lobby", Guid.NewGuid().ToString("N")[..8], Count, 1) { Key = mode.Key is { } key ? Convert.ToBase64String(key) : null };
        return Task.FromResult<ICrowd>(new LocalCrowd(new Crowd(node.Endpoints, settings.ToWire(), Count, 1)));
    });

    private static Task<IReadOnlyList<ConnectTargetReport>> RunAsync(int rounds, params ConnectParty[] parties)
    {
        var console = new BenchConsole(TextWriter.Null, TextWriter.Null, json: false, terminal: false);
        return new ConnectScenario(console, new LoadShape(1, 4, 0), new ConnectPlan([Count], rounds, false, TimeSpan.Zero)).RunAsync(parties, CancellationToken.None);
    }
}
