using Im.Cli.Verify.Facts;

namespace Im.Cli.Verify.Checks;

/// <summary>Every acknowledged cid is in the log exactly at its acknowledged number, with the content that was sent; repetitions got the same answer.</summary>
internal static class AckCheck
{
    public static IEnumerable<Violation> Find(RunFacts facts)
    {
        var edits = Edits(facts);
        var firsts = new Dictionary<(string, string, string), SentFact>();
        foreach (var sent in facts.Sent.Where(sent => sent is { Outcome: Outcome.Acked, Command: not ("add" or "remove") }))
        {
            var key = (sent.Conversation, sent.User, sent.Cid);
            if (firsts.TryGetValue(key, out var first) && (first.Mseq != sent.Mseq || first.Epoch != sent.Epoch || first.Mid != sent.Mid))
                yield return new Violation(ViolationKind.Doubled, sent.Conversation, sent.Mseq, $"cid {sent.Cid} was acknowledged at {first.Mseq} ({first.Mid}) and at {sent.Mseq} ({sent.Mid})");
            firsts.TryAdd(key, sent);
            if (facts.Log(sent.Conversation) is not { } log) yield return new Violation(ViolationKind.Lost, sent.Conversation, sent.Mseq, $"{sent}, and there is no such conversation");
            else if (FindAt(log, sent, facts, edits) is { } violation) yield return violation;
        }
    }

    private static Violation? FindAt(ConversationLog log, SentFact sent, RunFacts facts, Dictionary<(string, long), List<string>> edits)
    {
        if (sent.Epoch != log.Epoch) return new Violation(ViolationKind.Lost, log.Conversation, sent.Mseq, $"{sent} in epoch {sent.Epoch}; the epoch is {log.Epoch}");
        if (sent.Mseq < log.First) return FindRemoved(sent, facts);
        if (log.Find(sent.Mseq) is not { } record)
            return new Violation(ViolationKind.Lost, log.Conversation, sent.Mseq, $"{sent}, and the log has no {sent.Mseq} (head {log.Head})");
        if (record.Cid != sent.Cid || record.Mid != sent.Mid)
        {
            var elsewhere = log.Records.FirstOrDefault(other => other.Cid == sent.Cid && other.From == sent.User);
            return elsewhere is null
                ? new Violation(ViolationKind.Lost, log.Conversation, sent.Mseq, $"{sent}, and {sent.Mseq} holds cid {record.Cid} of {record.From}")
                : new Violation(ViolationKind.Reordered, log.Conversation, sent.Mseq, $"{sent}, and the log has it at {elsewhere.Mseq}");
        }
        if (sent.Command is not ("msg" or "push") || record.IsRecalled || record.Text == sent.Text) return null;
        var isEdit = edits.TryGetValue((log.Conversation, sent.Mseq), out var texts) && texts.Contains(record.Text);
        return isEdit ? null : new Violation(ViolationKind.Content, log.Conversation, sent.Mseq, $"{sent}, and its text is '{record.Text}', not '{sent.Text}'");
    }

    /// <summary>Retention took the record; who applied it meanwhile says whether it was the right one.</summary>
    private static Violation? FindRemoved(SentFact sent, RunFacts facts)
    {
        foreach (var device in facts.Devices)
        {
            if (!device.Copies.TryGetValue(sent.Conversation, out var copy)) continue;
            if (copy.Applied.Find(applied => applied.Mseq == sent.Mseq && applied.Epoch == sent.Epoch) is { } applied && applied.Cid != sent.Cid)
                return new Violation(ViolationKind.Reordered, sent.Conversation, sent.Mseq, $"{sent}, and {device.Name} got cid {applied.Cid} there");
        }
        return null;
    }

    private static Dictionary<(string, long), List<string>> Edits(RunFacts facts) =>
        facts.Sent.Where(sent => sent.Command == "edit").GroupBy(sent => (sent.Conversation, sent.Target)).ToDictionary(group => group.Key, group => group.Select(edit => edit.Text).ToList());
}
