using System.Collections.Concurrent;
using Im.Cli.Bench.Clients;
using Im.Cli.Bench.Clients.Processes;
using Im.Cli.Bench.Engine;
using Im.Cli.Bench.Freeze;
using Im.Cli.Bench.Measure;
using Im.Cli.Bench.Targets;
using Im.Cli.Bench.Wire;
using Im.Protocol.WebSockets;
using Shouldly;
using Xunit;

namespace Im.Tests.Cli;

/// <summary>What <c>im bench</c> needs for more than one node, and for more connections than a process may have.</summary>
public sealed class SeveralNodesSpecs
{
    private static readonly CancellationToken NoCancellation = CancellationToken.None;

    [Fact]
    public async Task Should_spread_the_clients_when_there_are_several_endpoints()
    {
        var (first, second) = (new ConcurrentBag<string>(), new ConcurrentBag<string>());
        await using var one = new ScriptedServer(connection => AnswerAsync(connection, first));
        await using var other = new ScriptedServer(connection => AnswerAsync(connection, second));
        using var crowd = new Crowd(EndpointSet.Resolve([one.Url, other.Url], 4), Wire("t"), 6, 2);

        (await crowd.RunAsync(Step.Connect, 0, 6, 0, 8, null, NoCancellation)).Done.ShouldBe(6);
        (await crowd.RunAsync(Step.Login, 0, 6, 0, 8, null, NoCancellation)).Done.ShouldBe(6);

        first.Order().ShouldBe(["ut-0", "ut-2", "ut-4"]);
        second.Order().ShouldBe(["ut-1", "ut-3", "ut-5"]);
    }

    [Fact]
    public async Task Should_return_to_another_endpoint_and_count_no_error_when_the_loss_was_expected()
    {
        var (dead, alive) = (new ConcurrentBag<string>(), new ConcurrentBag<string>());
        var isDead = false;
        var server = new ScriptedServer(connection => AnswerAsync(connection, dead));
        await using var other = new ScriptedServer(connection => AnswerAsync(connection, alive));
        using var crowd = new Crowd(EndpointSet.Resolve([server.Url, other.Url], 4), Wire("t"), 4, 1, place: _ => Volatile.Read(ref isDead) ? 1 : 0);
        (await crowd.RunAsync(Step.Return, 0, 4, 0, 4, null, NoCancellation)).Done.ShouldBe(4);

        await crowd.ExpectLossAsync(0, 4);
        Volatile.Write(ref isDead, true);
        await server.DisposeAsync();
        (await crowd.RunAsync(Step.Return, 0, 4, 0, 4, null, NoCancellation)).Done.ShouldBe(4);

        (dead.Count, alive.Count, crowd.OpenCount).ShouldBe((4, 4, 4));
        crowd.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Should_take_its_part_through_the_steps_when_a_client_process_is_told_to()
    {
        await using var server = new ScriptedServer(connection => AnswerAsync(connection, []));
        var settings = new CrowdSettings([server.Url], 4, 2, 101, "lobby", "t", Count: 5, Threads: 1);
        var input = new StringReader(string.Join(
            '\n',
            CrowdLine.Of(settings),
            CrowdLine.Of(new CrowdOrder(Step.Connect, 0, 5, 0, 8)),
            CrowdLine.Of(new CrowdOrder(Step.Login, 0, 5, 0, 8)),
            CrowdLine.Of(new CrowdOrder(Step.Verify, 0, 3, 0, 8))));
        var output = new StringWriter();

        await new CrowdServant(input, output).RunAsync(NoCancellation);

        var answers = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(CrowdLine.Read<CrowdAnswer>).Where(answer => answer.IsLast).ToArray();
        answers.Select(answer => (answer.Wave!.Step, answer.Wave.Done)).ShouldBe([(Step.Connect, 5), (Step.Login, 5), (Step.Verify, 3)]);
        answers.ShouldAllBe(answer => answer.Failure == null && answer.State!.Open == 5 && answer.State.Errors.Count == 0);
        answers[1].Wave!.ToWave().Latency.Count.ShouldBe(5);
    }

    [Fact]
    public async Task Should_say_why_when_a_client_process_cannot_begin()
    {
        var output = new StringWriter();
        var settings = new CrowdSettings([new Uri("wss://127.0.0.1/acc")], 4, 2, 101, "lobby", "t", 5, 1);

        await new CrowdServant(new StringReader(CrowdLine.Of(settings)), output).RunAsync(NoCancellation);

        CrowdLine.Read<CrowdAnswer>(output.ToString()).Failure.ShouldNotBeNull().ShouldContain("ws://");
    }

    [Fact]
    public async Task Should_be_one_crowd_when_its_connections_are_in_several_processes()
    {
        var users = new ConcurrentBag<string>();
        await using var server = new ScriptedServer(connection => AnswerAsync(connection, users));
        await using var crowd = await CrowdProcesses.StartAsync(3, new CrowdSettings([server.Url], 4, 2, 101, "lobby", "t", Count: 10, Threads: 1));
        foreach (var (from, to) in new[] { (0, 4), (4, 10) })
        {
            (await crowd.RunAsync(Step.Connect, from, to, 0, 8, null, NoCancellation)).Done.ShouldBe(to - from);
            var login = await crowd.RunAsync(Step.Login, from, to, 0, 8, null, NoCancellation);
            (login.Done, login.Failed, login.Latency.Count).ShouldBe((to - from, 0, to - from));
        }

        var state = await crowd.ReadAsync(NoCancellation);

        (state.Open, state.Errors.Count).ShouldBe((10, 0));
        users.Distinct().Count().ShouldBe(10);
    }

    [Theory]
    [InlineData(18_000, 20_000, 1)]
    [InlineData(19_801, 20_000, 2)]
    [InlineData(100_000, 20_000, 6)]
    [InlineData(100_000, 1_048_576, 1)]
    public void Should_take_as_many_processes_as_the_file_limit_asks_for(int connections, long limit, int expected) => CrowdProcesses.Needed(connections, limit).ShouldBe(expected);

    [Fact]
    public void Should_keep_every_latency_when_a_wave_goes_between_processes()
    {
        var histogram = Latencies.Create();
        foreach (var value in new long[] { 0, 1, 250, 250, 99_000, 12_345_678 }) histogram.RecordValue(value);
        var wave = new WaveResult(Step.Login, 6, 1, TimeSpan.FromSeconds(2), histogram) { Repeated = 3 };

        var copy = CrowdLine.Read<WaveAnswer>(CrowdLine.Of(WaveAnswer.Of(wave))).ToWave();
        var merged = CrowdProcesses.Merge(Step.Login, [copy, wave with { Elapsed = TimeSpan.FromSeconds(3) }]);

        WaveAnswer.Of(copy).Latency.ShouldBe(WaveAnswer.Of(wave).Latency);
        (copy.Done, copy.Failed, copy.Repeated, copy.Elapsed).ShouldBe((6, 1, 3, TimeSpan.FromSeconds(2)));
        (merged.Done, merged.Failed, merged.Repeated, merged.Elapsed, merged.Latency.Count).ShouldBe((12, 2, 6, TimeSpan.FromSeconds(3), 12L));
        merged.Latency.P50Ms.ShouldBe(wave.Latency.P50Ms);
    }

    [Fact]
    public void Should_add_the_parts_up_when_several_processes_tell_their_state()
    {
        var state = CrowdProcesses.Merge(
        [
            new CrowdState(3, new Dictionary<string, int> { ["reset"] = 1 }, new ClientLoad(0.5, 0.2, 0.1)),
            new CrowdState(4, new Dictionary<string, int> { ["reset"] = 2, ["late"] = 1 }, new ClientLoad(0.3, 0.4, 0.2)),
        ]);

        state.Open.ShouldBe(7);
        state.Errors.ShouldBe(new Dictionary<string, int> { ["reset"] = 3, ["late"] = 1 }, ignoreOrder: true);
        state.Load.BusiestReactor.ShouldBe(0.5);
        state.Load.ProcessShare.ShouldBe(0.6, 1e-9);
    }

    [Fact]
    public void Should_add_the_series_of_a_metric_and_no_other()
    {
        const string Text = """
            # TYPE im_topic_received_total counter
            im_topic_received_total{from="127.0.0.1:4061"} 12 1764300000000
            im_topic_received_total{from="a } b"} 3.5
            im_topic_received_total_frames{from="x"} 100
            im_topic_received 50
            im_conversations 7
            """;

        NodeMetrics.Sum(Text, "im_topic_received_total").ShouldBe(15.5);
        NodeMetrics.Sum(Text, "im_conversations").ShouldBe(7);
        NodeMetrics.Sum(Text, "im_nothing").ShouldBe(0);
    }

    [Fact]
    public void Should_add_the_processes_up_when_a_server_has_several()
    {
        var own = Environment.ProcessId;
        var (one, two) = (new ServerProcesses([own]), new ServerProcesses([own, own]));

        two.CpuOfEach.Count.ShouldBe(2);
        two.ResidentBytes.ShouldNotBeNull().ShouldBeGreaterThan(one.ResidentBytes!.Value);
        two.Without(own).AreKnown.ShouldBeFalse();
        (ServerProcesses.Unknown.Cpu, ServerProcesses.Unknown.ResidentBytes).ShouldBe((null, null));
    }

    /// <summary>Two rooms of two members and a sender each; the second lives on the node that is frozen.</summary>
    [Fact]
    public void Should_count_rooms_of_a_frozen_node_apart_and_by_when_a_broadcast_was_due()
    {
        var plan = new FreezePlan(Rooms: 2, Members: 2, Rate: 10, SizeBytes: 64, TimeSpan.FromSeconds(1));
        var load = new RoomsLoad(plan, threads: 1);
        using var crowd = new Crowd(Endpoint.Resolve(new Uri("ws://127.0.0.1:1/acc"), 1), Wire("t"), plan.Connections, 1);
        load.Use(crowd);
        load.PutOnFrozen(1);
        load.Warmed(10);
        load.Froze(20);
        load.Thawed(30);

        Deliver(load, crowd, room: 0, number: 0, due: 5);
        Deliver(load, crowd, room: 0, number: 1, due: 15);
        Deliver(load, crowd, room: 0, number: 2, due: 25);
        Deliver(load, crowd, room: 1, number: 7, due: 25);
        Deliver(load, crowd, room: 0, number: 3, due: 35);
        Deliver(load, crowd, room: 0, number: 4, due: 36);

        (FreezePart[] parts, long[] elsewhere, long[] onFrozen) = ([FreezePart.Before, FreezePart.Frozen, FreezePart.After], [2, 2, 4], [0, 2, 0]);
        parts.Select(part => load.Figures(isOnFrozen: false, part).Deliveries).ShouldBe(elsewhere);
        parts.Select(part => load.Figures(isOnFrozen: false, part).Latency.Count).ShouldBe(elsewhere);
        parts.Select(part => load.Figures(isOnFrozen: true, part).Deliveries).ShouldBe(onFrozen);
        load.RoomsOnFrozen.ShouldBe(1);
        // Nothing was sent by this load: each delivery in a room of the other nodes is one too many, and a gap is none of theirs.
        load.Faults.Missing.ShouldBe(0);
    }

    private static void Deliver(RoomsLoad load, Crowd crowd, int room, int number, long due)
    {
        for (var member = 0; member < 2; member++)
        {
            load.OnPush(crowd[room * 3 + member], new WireMessage(WireKind.Broadcast, Number: number * 2 + room, SentAt: due), System.Diagnostics.Stopwatch.GetTimestamp());
        }
    }

    private static ImLevel2Wire Wire(string run) => new(101, "bench", run);

    private static async Task AnswerAsync(ScriptedConnection connection, ConcurrentBag<string> users)
    {
        while (true)
        {
            var (opcode, text) = await connection.ReadAsync();
            if (opcode != Opcode.Text) continue;
            using var request = System.Text.Json.JsonDocument.Parse(text);
            var command = request.RootElement.GetProperty("cmd").GetString()!;
            if (command == "login") users.Add(request.RootElement.GetProperty("data").GetProperty("userId").GetString()!);
            await connection.SendAsync($$$"""{"seq":"{{{request.RootElement.GetProperty("seq").GetString()}}}","cmd":"{{{command}}}","response":{"code":200,"codeMsg":"x","data":null}}""");
        }
    }
}
