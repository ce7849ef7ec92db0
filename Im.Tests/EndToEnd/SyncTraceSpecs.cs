using System.Text.RegularExpressions;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.EndToEnd;

/// <summary>
/// A test that watches the system calls of a node by strace. Without it is reported as not run, with the reason; under
/// <c>IM_TESTS_ALL=1</c> it runs, and fails, instead.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TraceFactAttribute : FactAttribute
{
    public TraceFactAttribute()
    {
        if (!File.Exists("/usr/bin/strace") && Environment.GetEnvironmentVariable("IM_TESTS_ALL") != "1") Skip = "No /usr/bin/strace: install strace, or set IM_TESTS_ALL=1 to make this a failure.";
    }
}

public sealed partial class SyncTraceSpecs
{
    private const int Messages = 20;

    [TraceFact]
    public async Task Should_sync_the_log_between_the_write_of_a_message_and_its_acknowledgement()
    {
        using var directory = new TemporaryDirectory();
        var trace = directory.File("trace");
        string[] acknowledgements;
        await using (var node = await NodeProcess.StartUnderAsync(
            ["strace", "-D", "-f", "-y", "-s", "8192", "-o", trace, "-e", "trace=pwrite64,fsync,fdatasync,write,writev,sendto,sendmsg", "--"]))
        {
            await using var alice = await TalkingClient.JoinAsync(new Uri(node.BannerLine("WebSocket")), "alice", "r:trace");
            acknowledgements = new string[Messages];
            for (var n = 0; n < Messages; n++)
            {
                (await alice.SendAsync($"c{n}", Text(n))).ShouldBe(200);
                acknowledgements[n] = alice.LastSeq;
            }
        }

        var calls = await File.ReadAllLinesAsync(trace);
        for (var n = 0; n < Messages; n++) ShouldBeSyncedBetween(calls, Text(n), acknowledgements[n]);
    }

    private static string Text(int n) => $"text-of-message-{n}-end";

    private static void ShouldBeSyncedBetween(string[] calls, string text, string seq)
    {
        var answered = Array.FindIndex(calls, call => Sending().IsMatch(call) && call.Contains($"\\\"seq\\\":\\\"{seq}\\\"", StringComparison.Ordinal));
        answered.ShouldBeGreaterThan(0, $"no call sent the answer to {seq}");
        var written = Array.FindIndex(calls, call => call.Contains("pwrite64(", StringComparison.Ordinal) && call.Contains("im.db-wal>", StringComparison.Ordinal) && call.Contains(text, StringComparison.Ordinal));
        written.ShouldBeInRange(0, answered, $"{text} was not in the log before its answer was sent");
        var writer = calls[written].Split(' ')[0];
        var ofWriter = calls[written..answered].Where(call => call.Split(' ')[0] == writer).ToArray();

        var sync = Array.FindIndex(ofWriter, call => Syncing().IsMatch(call) && call.Contains("im.db-wal>", StringComparison.Ordinal));
        sync.ShouldBeGreaterThan(0, $"no sync of the log between the write of {text} and its answer");
        // A call that another thread's interrupts is told in two lines.
        var ended = ofWriter[sync].Contains("<unfinished", StringComparison.Ordinal) ? ofWriter[sync + 1] : ofWriter[sync];
        ended.ShouldEndWith("= 0");
    }

    [GeneratedRegex(@"^\d+\s+(sendto|sendmsg|write|writev)\(")]
    private static partial Regex Sending();

    [GeneratedRegex(@"^\d+\s+f(data)?sync\(")]
    private static partial Regex Syncing();
}
