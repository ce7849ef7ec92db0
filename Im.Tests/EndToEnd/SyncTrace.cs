using System.Text.RegularExpressions;

namespace Im.Tests.EndToEnd;

/// <summary>What strace wrote of a node (<c>-f -y</c>): which call came before which.</summary>
internal sealed partial class SyncTrace(string[] calls)
{
    private const string Log = "im.db-wal>";

    /// <summary>Between the write of a message to the log and the socket's write of its acknowledgement, the writing thread has synced the log.</summary>
    /// <param name="text">Of the message.</param>
    /// <param name="seq">Of the command that it is the answer to.</param>
    /// <returns>What is wrong, or null.</returns>
    public string? ProblemOf(string text, string seq)
    {
        var answered = Array.FindIndex(calls, call => Sending().IsMatch(call) && call.Contains($"\\\"seq\\\":\\\"{seq}\\\"", StringComparison.Ordinal));
        if (answered < 0) return $"no call sent the answer to {seq}";
        var written = Array.FindIndex(calls, call => Writing().IsMatch(call) && call.Contains(Log, StringComparison.Ordinal) && call.Contains(text, StringComparison.Ordinal));
        if (written < 0 || written > answered) return $"{text} was not in the log before its answer was sent";
        var ofWriter = calls[written..answered].Where(call => ThreadOf(call) == ThreadOf(calls[written])).ToArray();
        var sync = Array.FindIndex(ofWriter, call => Syncing().IsMatch(call) && call.Contains(Log, StringComparison.Ordinal));
        if (sync < 0) return $"no sync of the log between the write of {text} and its answer";

        // A call that another thread's interrupts is told in two lines.
        var ended = ofWriter[sync].Contains("<unfinished", StringComparison.Ordinal) ? ofWriter.ElementAtOrDefault(sync + 1) : ofWriter[sync];
        return ended is null ? $"the sync of {text} had not ended when its answer was sent" : ended.EndsWith("= 0", StringComparison.Ordinal) ? null : $"the sync of {text} failed: {ended}";
    }

    private static string ThreadOf(string call) => call.Split(' ')[0];

    [GeneratedRegex(@"^\d+\s+(sendto|sendmsg|write|writev)\(")]
    private static partial Regex Sending();

    [GeneratedRegex(@"^\d+\s+pwrite64\(")]
    private static partial Regex Writing();

    [GeneratedRegex(@"^\d+\s+f(data)?sync\(")]
    private static partial Regex Syncing();
}
