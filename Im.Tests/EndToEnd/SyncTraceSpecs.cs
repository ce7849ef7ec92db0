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

public sealed class SyncTraceSpecs
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

        var calls = new SyncTrace(await File.ReadAllLinesAsync(trace));
        for (var n = 0; n < Messages; n++) calls.ProblemOf(Text(n), acknowledgements[n]).ShouldBeNull();
    }

    private static string Text(int n) => $"text-of-message-{n}-end";
}
