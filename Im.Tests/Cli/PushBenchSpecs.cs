using System.Diagnostics;
using Grpc.Core;
using Im.Cli.Bench;
using Im.Cli.Bench.Engine;
using Im.Cli.Bench.Measure;
using Im.Cli.Bench.Push;
using Im.Cli.Bench.Report;
using Im.Cli.Bench.Room;
using Im.Cli.Bench.Targets;
using Im.Protocol.Ingress.V1;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Cli;

/// <summary><c>im bench push</c>: a small run against a node, and how it counts.</summary>
public sealed class PushBenchSpecs(NodeFixture node) : IClassFixture<NodeFixture>
{
    private const int Count = 20;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Should_find_every_push_at_its_user_when_the_node_is_honest(bool stored)
    {
        var plan = new PushPlan([PushCall.Stream, PushCall.Unary], 8, 64, 2, 8, stored, [100], TimeSpan.Zero, TimeSpan.FromSeconds(1));
        var console = new BenchConsole(TextWriter.Null, TextWriter.Null, json: false, terminal: false);
        await using var target = NodeTarget.Running(Endpoint.Resolve(node.WebSocket, 4), [node.Http], node.Grpc, node.ApiKey, ServerProcesses.Unknown);

        var report = await new PushScenario(console, new LoadShape(1, 8, 0), plan).RunAsync(target, 101, stored ? "tests" : "teste", CancellationToken.None);

        report.Faults.ShouldBe(new DeliveryFaults(0, 0, 0));
        report.NotWritten.ShouldBeEmpty();
        report.Passes.Select(pass => (pass.Call, pass.Rate)).ShouldBe([(PushCall.Stream, 0), (PushCall.Stream, 100), (PushCall.Unary, 0), (PushCall.Unary, 100)]);
        report.Passes.ShouldAllBe(pass => pass.Written > 0 && pass.Missing == 0 && pass.Received == pass.Written && pass.Delivery.Count == pass.Received);
        report.Passes.Where(pass => pass.Rate == 100).ShouldAllBe(pass => pass.Written == 100);
    }

    [Fact]
    public async Task Should_count_from_when_each_was_due_when_an_answer_is_late()
    {
        LoadPass? pass = null;
        var client = new HeldClient(() => Until.TrueAsync(() => Stopwatch.GetTimestamp() > pass!.DueAt(0, Count - 1)));
        var caller = new UnaryCaller(client, new PushRequests(101, "t", 1, 64, stored: false), new PushOutcomes(), users: 1, inFlight: 1);

        pass = new LoadPass(caller.Lanes, caller.Lanes, rate: 200, Count);
        await caller.RunAsync(pass, CancellationToken.None, CancellationToken.None);

        var whole = (pass.DueAt(0, Count - 1) - pass.StartedAt) * 1000.0 / Stopwatch.Frequency;
        pass.Acked.ShouldBe(Count);
        pass.Latency.MaxMs.ShouldBeGreaterThan(whole * 0.95);
        pass.Latency.P50Ms.ShouldBeGreaterThan(whole * 0.4);
    }

    [Fact]
    public void Should_count_a_push_apart_when_its_answer_is_no_written()
    {
        var outcomes = new PushOutcomes();

        outcomes.Note(Answer(UserDelivery.Types.State.Written)).ShouldBeTrue();
        outcomes.Note(Answer(UserDelivery.Types.State.Acked)).ShouldBeTrue();
        outcomes.Note(Answer(UserDelivery.Types.State.Offline)).ShouldBeFalse();
        outcomes.Note(new PushStreamResponse { Error = new Google.Rpc.Status { Code = 8, Message = "later" } }).ShouldBeFalse();

        outcomes.Others.ShouldBe(new Dictionary<string, int> { ["OFFLINE"] = 1, ["ResourceExhausted: later"] = 1 }, ignoreOrder: true);
    }

    private static PushToUserResponse Answer(UserDelivery.Types.State state) => new() { User = new UserDelivery { State = state } };

    /// <summary>Answers the first call late, the others at once.</summary>
    private sealed class HeldClient(Func<Task> first) : PushService.PushServiceClient
    {
        private int _calls;

        public override AsyncUnaryCall<PushToUserResponse> PushToUserAsync(PushToUserRequest request, Metadata? headers = null, DateTime? deadline = null, CancellationToken cancellationToken = default) =>
            new(AnswerAsync(), Task.FromResult(new Metadata()), () => Status.DefaultSuccess, () => [], () => { });

        private async Task<PushToUserResponse> AnswerAsync()
        {
            if (Interlocked.Increment(ref _calls) == 1) await first();
            return Answer(UserDelivery.Types.State.Written);
        }
    }
}
