using Im.Cli.Verify.Facts;

namespace Im.Cli.Verify.Checks;

/// <summary>Each conversation by itself: dense numbers, times that never go back, every cid once, nothing that nobody sent.</summary>
internal static class LogCheck
{
    public static IEnumerable<Violation> Find(RunFacts facts)
    {
        var sent = facts.Sent.Select(fact => (fact.Conversation, fact.Cid)).Concat(facts.Pushes.Select(push => (push.Conversation, Cid: push.Key))).ToHashSet();
        return facts.Logs.SelectMany(log => Find(log, sent));
    }

    private static IEnumerable<Violation> Find(ConversationLog log, HashSet<(string, string)> sent)
    {
        var expected = log.First;
        long time = 0;
        var cids = new Dictionary<(string, string), long>();
        foreach (var record in log.Records)
        {
            if (record.Mseq != expected) yield return new Violation(ViolationKind.Hole, log.Conversation, expected, $"the log has {record.Mseq} where {expected} belongs");
            expected = record.Mseq + 1;
            if (record.TimestampMs < time) yield return new Violation(ViolationKind.Reordered, log.Conversation, record.Mseq, $"its time is {time - record.TimestampMs} ms before the record before it");
            time = Math.Max(time, record.TimestampMs);
            if (record.Cid is not { } cid) continue;
            if (!cids.TryAdd((record.From, cid), record.Mseq))
                yield return new Violation(ViolationKind.Doubled, log.Conversation, record.Mseq, $"cid {cid} of {record.From} is stored at {cids[(record.From, cid)]} and at {record.Mseq}");
            if (!record.IsEvent && !sent.Contains((log.Conversation, cid)))
                yield return new Violation(ViolationKind.Foreign, log.Conversation, record.Mseq, $"nobody sent cid {cid} of {record.From}");
        }
        if (expected <= log.Head) yield return new Violation(ViolationKind.Hole, log.Conversation, expected, $"the log ends at {expected - 1}, its head is {log.Head}");
    }
}
