using System.Collections.Concurrent;
using Im.Cli.Bench.Clients;
using Im.Cli.Bench.Engine;
using Im.Cli.Bench.Room;
using Im.Cli.Bench.Wire;
using Im.Protocol.WebSockets;
using Shouldly;
using Xunit;

namespace Im.Tests.Cli;

/// <summary>The client engine against a server whose every byte the test decides.</summary>
public sealed class CrowdSpecs
{
    private static readonly CancellationToken NoCancellation = CancellationToken.None;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Should_log_in_everybody_when_the_server_answers(int threads)
    {
        await using var server = new ScriptedServer(AnswerAsync);
        using var crowd = Open(server, count: 50, threads);
        foreach (var step in new[] { Step.Connect, Step.Login, Step.Join, Step.Verify })
        {
            var wave = await crowd.RunAsync(step, 0, 50, 0, 8, null, NoCancellation);
            (wave.Done, wave.Failed).ShouldBe((50, 0), step.ToString());
            wave.Latency.Count.ShouldBe(50);
        }
        crowd.OpenCount.ShouldBe(50);
        crowd.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Should_send_each_user_once_when_connections_come_in_steps()
    {
        var users = new ConcurrentBag<string>();
        await using var server = new ScriptedServer(async connection =>
        {
            var login = await connection.ReadAsync();
            users.Add(login.Text);
            await connection.SendAsync(Reply("q1", "login", 200));
            await connection.ReadAsync();
        });
        using var crowd = Open(server, count: 9, threads: 2);
        foreach (var (from, to) in new[] { (0, 4), (4, 9) })
        {
            await crowd.RunAsync(Step.Connect, from, to, 0, 8, null, NoCancellation);
            (await crowd.RunAsync(Step.Login, from, to, 0, 8, null, NoCancellation)).Done.ShouldBe(to - from);
        }
        users.Distinct().Count().ShouldBe(9);
    }

    [Fact]
    public async Task Should_count_the_cause_when_the_upgrade_is_refused()
    {
        await using var server = new ScriptedServer(_ => Task.CompletedTask, accept: false);
        using var crowd = Open(server, count: 3);
        (await crowd.RunAsync(Step.Connect, 0, 3, 0, 8, null, NoCancellation)).Failed.ShouldBe(3);
        crowd.Errors.ShouldBe(new Dictionary<string, int> { ["upgrade: HTTP/1.1 503 Service Unavailable"] = 3 });
    }

    [Fact]
    public async Task Should_count_the_code_when_a_login_is_refused()
    {
        await using var server = new ScriptedServer(async connection =>
        {
            await connection.ReadAsync();
            await connection.SendAsync(Reply("q1", "login", 1003));
            await connection.ReadAsync();
        });
        using var crowd = Open(server, count: 1);
        await crowd.RunAsync(Step.Connect, 0, 1, 0, 8, null, NoCancellation);
        (await crowd.RunAsync(Step.Login, 0, 1, 0, 8, null, NoCancellation)).Failed.ShouldBe(1);
        crowd.Errors.ShouldBe(new Dictionary<string, int> { ["login: code 1003"] = 1 });
    }

    [Fact]
    public async Task Should_name_the_close_code_when_the_server_closes()
    {
        await using var server = new ScriptedServer(async connection =>
        {
            await connection.ReadAsync();
            await connection.SendRawAsync(FrameWriter.Close(4100, "overloaded"));
            (await connection.ReadAsync()).Opcode.ShouldBe(Opcode.Close);
        });
        using var crowd = Open(server, count: 1);
        await crowd.RunAsync(Step.Connect, 0, 1, 0, 8, null, NoCancellation);
        await crowd.RunAsync(Step.Login, 0, 1, 0, 8, null, NoCancellation);
        crowd.Errors.ShouldBe(new Dictionary<string, int> { ["closed by server: 4100"] = 1 });
        crowd.OpenCount.ShouldBe(0);
    }

    [Fact]
    public async Task Should_answer_a_ping_when_one_comes_between_two_fragments()
    {
        await using var server = new ScriptedServer(async connection =>
        {
            await connection.ReadAsync();
            var reply = FrameWriter.Encode(Opcode.Text, System.Text.Encoding.UTF8.GetBytes(Reply("q1", "login", 200)));
            var first = reply[..30];
            first[0] = (byte)Opcode.Text;
            first[1] = 28;
            var rest = FrameWriter.Encode(Opcode.Continuation, reply.AsSpan(30));
            await connection.SendRawAsync([.. first, .. FrameWriter.Encode(Opcode.Ping, "hi"u8)]);
            (await connection.ReadAsync()).ShouldBe((Opcode.Pong, "hi"));
            foreach (var single in rest) await connection.SendRawAsync([single]);
            await connection.ReadAsync();
        });
        using var crowd = Open(server, count: 1);
        await crowd.RunAsync(Step.Connect, 0, 1, 0, 8, null, NoCancellation);
        (await crowd.RunAsync(Step.Login, 0, 1, 0, 8, null, NoCancellation)).Done.ShouldBe(1);
    }

    [Fact]
    public async Task Should_try_again_when_the_server_is_too_busy_for_a_client_that_comes_back()
    {
        var connections = 0;
        await using var server = new ScriptedServer(async connection =>
        {
            var isFirst = Interlocked.Increment(ref connections) == 1;
            await connection.ReadAsync();
            await connection.SendAsync(Reply("q1", "login", isFirst ? 1016 : 200));
            await connection.ReadAsync();
        });
        using var crowd = Open(server, count: 1);

        var wave = await crowd.RunAsync(Step.Return, 0, 1, 0, 1, null, NoCancellation);

        (wave.Done, wave.Failed, wave.Repeated, connections).ShouldBe((1, 0, 1, 2));
        crowd.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Should_cut_a_client_that_is_up_before_it_comes_back()
    {
        await using var server = new ScriptedServer(AnswerAsync);
        using var crowd = Open(server, count: 4);

        foreach (var _ in new[] { 1, 2 }) (await crowd.RunAsync(Step.Return, 0, 4, 0, 4, null, NoCancellation)).Done.ShouldBe(4);

        crowd.OpenCount.ShouldBe(4);
        crowd.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Should_find_every_delivery_when_the_room_is_honest() => (await BroadcastAsync(push => [push])).Faults.ShouldBe(new DeliveryFaults(0, 0, 0));

    [Fact]
    public async Task Should_find_the_double_when_the_room_says_it_twice() => (await BroadcastAsync(push => [push, push])).Faults.Doubled.ShouldBeGreaterThan(0);

    [Fact]
    public async Task Should_broadcast_when_it_is_due_whatever_is_under_way_when_a_rate_is_given()
    {
        var held = new List<string>();

        var result = await BroadcastAsync(push =>
        {
            held.Add(push);
            return held.Count < 5 ? [] : held;
        }, BroadcastPace.At(100));

        result.Faults.ShouldBe(new DeliveryFaults(0, 0, 0));
        // The first waits for the fifth, which is due 40 ms later.
        result.Latency.MaxMs.ShouldBeGreaterThanOrEqualTo(39);
    }

    /// <summary>One receiver and one sender; what the room makes of each broadcast is the test's.</summary>
    private static async Task<BroadcastResult> BroadcastAsync(Func<string, IEnumerable<string>> room, BroadcastPace? pace = null)
    {
        var receiver = new TaskCompletionSource<ScriptedConnection>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = new ScriptedServer(connection => AnswerAsync(connection, receiver, room));
        var broadcaster = new Broadcaster(new RoomShape(1, 1), sizeBytes: 64, threads: 1);
        using var crowd = new Crowd(Endpoint.Resolve(server.Url, 1), new ImLevel2Wire(101, "bench", "t"), 2, 1, broadcaster);
        broadcaster.Use(crowd);
        foreach (var step in new[] { Step.Connect, Step.Login, Step.Join }) (await crowd.RunAsync(step, 0, 2, 0, 1, null, NoCancellation)).Done.ShouldBe(2);
        var result = await broadcaster.RunAsync(5, pace ?? new BroadcastPace(1), null, null, NoCancellation);
        (result.Sent, result.Deliveries).ShouldBe((5, 5));
        return result;
    }

    private static Task AnswerAsync(ScriptedConnection connection) => AnswerAsync(connection, new TaskCompletionSource<ScriptedConnection>(), _ => []);

    private static async Task AnswerAsync(ScriptedConnection connection, TaskCompletionSource<ScriptedConnection> receiver, Func<string, IEnumerable<string>> room)
    {
        while (true)
        {
            var (opcode, text) = await connection.ReadAsync();
            if (opcode != Opcode.Text) continue;
            using var request = System.Text.Json.JsonDocument.Parse(text);
            var command = request.RootElement.GetProperty("cmd").GetString()!;
            if (command == "join") receiver.TrySetResult(connection);
            if (command == "msg")
            {
                var said = request.RootElement.GetProperty("data").GetProperty("msg").GetString();
                var push = $$$$"""{"seq":"01J","cmd":"msg","response":{"code":200,"codeMsg":"Ok","data":{"target":"","type":"text","msg":"{{{{said}}}}"}}}""";
                foreach (var copy in room(push)) await (await receiver.Task).SendAsync(copy);
            }
            await connection.SendAsync(Reply(request.RootElement.GetProperty("seq").GetString()!, command, 200));
        }
    }

    private static string Reply(string seq, string command, int code) => $$$"""{"seq":"{{{seq}}}","cmd":"{{{command}}}","response":{"code":{{{code}}},"codeMsg":"x","data":null}}""";

    private static Crowd Open(ScriptedServer server, int count, int threads = 1) =>
        new(Endpoint.Resolve(server.Url, 4), new ImLevel2Wire(101, "bench", "t"), count, threads);
}
