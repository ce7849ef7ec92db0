using System.Diagnostics;
using System.Text.Json;
using Im.Cli.Bench.Clients;
using Im.Cli.Bench.Engine;
using Im.Cli.Bench.Measure;
using Im.Cli.Bench.Send;
using Im.Cli.Bench.Wire;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Cli;

/// <summary>Senders that keep to a rate, against a server whose answers the test holds back.</summary>
public sealed class SendLoadSpecs
{
    private const int Count = 20;

    [Fact]
    public void Should_be_due_in_turns_at_equal_distances_and_no_longer_than_its_count()
    {
        var pass = new LoadPass(lanes: 4, histograms: 1, rate: 1000, count: 6);

        var due = new[] { pass.DueAt(0, 0), pass.DueAt(1, 0), pass.DueAt(2, 0), pass.DueAt(3, 0), pass.DueAt(0, 1), pass.DueAt(1, 1) };

        due.Select(at => at - pass.StartedAt).ShouldBe(Enumerable.Range(0, 6).Select(n => n * Stopwatch.Frequency / 1000));
        pass.DueAt(2, 1).ShouldBe(long.MaxValue);
    }

    [Fact]
    public void Should_say_what_the_store_did_between_two_readings()
    {
        var before = new StoreTotals(At: 0, Commits: 10, Records: 30, Appends: 25, AppendSeconds: 1);
        var after = new StoreTotals(At: 2 * Stopwatch.Frequency, Commits: 210, Records: 8_030, Appends: 4_025, AppendSeconds: 21);

        StoreWork.Of(before, after).ShouldBe(new StoreWork(CommitsPerSecond: 100, RecordsPerCommit: 40, AppendMs: 5));
        StoreWork.Of(before, before).ShouldBeNull();
        StoreWork.Of(before, null).ShouldBeNull();
    }

    [Fact]
    public async Task Should_count_from_when_each_was_due_when_an_answer_is_late()
    {
        LoadPass? pass = null;
        var answered = 0;
        await using var server = new ScriptedServer(connection => ServeAsync(connection, async () =>
        {
            // The first answer comes once all are due; with one unanswered at most, the others wait in the client for it.
            if (Interlocked.Increment(ref answered) == 1) await Until.TrueAsync(() => Stopwatch.GetTimestamp() > pass!.DueAt(0, Count - 1));
        }));
        var load = new SendLoad(senders: 1, unanswered: 1, sizeBytes: 64);
        using var crowd = new Crowd(Endpoint.Resolve(server.Url, 1), new DurableWire(101, "t", 1, 1, 0), 1, 1, load);
        load.Use(crowd);
        foreach (var step in new[] { Step.Connect, Step.Login, Step.Join }) (await crowd.RunAsync(step, 0, 1, 0, 1, null, CancellationToken.None)).Done.ShouldBe(1);

        pass = new LoadPass(lanes: 1, histograms: 1, rate: 200, Count);
        load.Begin(pass);
        await Until.TrueAsync(() => pass.Acked == Count);
        load.End();

        var whole = (pass.DueAt(0, Count - 1) - pass.StartedAt) * 1000.0 / Stopwatch.Frequency;
        pass.Latency.MaxMs.ShouldBeGreaterThan(whole * 0.95);
        pass.Latency.P50Ms.ShouldBeGreaterThan(whole * 0.4);
        (load.Unanswered, load.Refused.Count, answered).ShouldBe((0, 0, Count));
    }

    private static async Task ServeAsync(ScriptedConnection connection, Func<Task> beforeAnswer)
    {
        while (true)
        {
            using var request = JsonDocument.Parse((await connection.ReadAsync()).Text);
            var command = request.RootElement.GetProperty("cmd").GetString()!;
            if (command == "msg") await beforeAnswer();
            await connection.SendAsync($$$"""{"seq":"{{{request.RootElement.GetProperty("seq").GetString()}}}","cmd":"{{{command}}}","response":{"code":200,"codeMsg":"x","data":null}}""");
        }
    }
}
