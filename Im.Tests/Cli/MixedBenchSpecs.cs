using Im.Cli.Bench;
using Im.Cli.Bench.Engine;
using Im.Cli.Bench.Measure;
using Im.Cli.Bench.Mixed;
using Im.Cli.Bench.Report;
using Im.Cli.Bench.Send;
using Im.Cli.Bench.Targets;
using Im.Cli.Bench.Wire;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Cli;

/// <summary><c>im bench mixed</c> and <c>im bench send</c>: a small run against a node.</summary>
public sealed class MixedBenchSpecs(NodeFixture node) : IClassFixture<NodeFixture>
{
    [Fact]
    public async Task Should_do_all_that_was_due_of_each_kind()
    {
        var plan = new MixedPlan(SendsPerSecond: 20, Senders: 4, BroadcastsPerSecond: 5, Members: 6, PushesPerSecond: 30, Users: 5, ReconnectsPerSecond: 4, SizeBytes: 64, TimeSpan.FromSeconds(2));
        await using var target = NodeTarget.Running(Endpoint.Resolve(node.WebSocket, 4), [node.Http], node.Grpc, node.ApiKey, ServerProcesses.Unknown);
        var console = new BenchConsole(TextWriter.Null, TextWriter.Null, json: false, terminal: false);

        var report = await new MixedScenario(console, new LoadShape(1, 8, 0), plan).RunAsync(target, 101, "mixed", CancellationToken.None);

        report.Kinds.Select(kind => (kind.Kind, kind.Due, kind.Done)).ShouldBe([("durable", 40, 40), ("room", 60, 60), ("push", 60, 60), ("reconnect", 8, 8)]);
        report.Kinds.ShouldAllBe(kind => kind.Faults.None && kind.Refused == 0 && kind.Latency.Count == kind.Done);
        console.Rates.Count.ShouldBe(4);
    }

    [Fact]
    public async Task Should_say_what_the_store_did_beside_what_was_acknowledged()
    {
        var plan = new SendPlan(Senders: 2, Unanswered: 4, SizeBytes: 64, RoomSize: 2, PairPercent: 50, Rates: [20], WarmUp: TimeSpan.FromMilliseconds(200), Time: TimeSpan.FromSeconds(1));
        await using var target = NodeTarget.Running(Endpoint.Resolve(node.WebSocket, 4), [node.Http], null, node.ApiKey, ServerProcesses.Unknown);
        var console = new BenchConsole(TextWriter.Null, TextWriter.Null, json: false, terminal: false);

        var report = await new SendScenario(console, new LoadShape(1, 8, 0), plan).RunAsync(target, new DurableWire(101, "send", plan.Senders, plan.RoomSize, plan.PairPercent), null, CancellationToken.None);

        foreach (var pass in report.Paced.Prepend(report.Free))
        {
            pass.Acked.ShouldBeGreaterThan(0);
            pass.Store.ShouldNotBeNull().RecordsPerCommit.ShouldBeGreaterThanOrEqualTo(1);
            pass.Store.CommitsPerSecond.ShouldBeGreaterThan(0);
            pass.Store.AppendMs.ShouldBeGreaterThan(0);
        }
    }
}
