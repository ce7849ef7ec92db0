using Im.Cli.Verify.Facts;

namespace Im.Cli.Verify.Checks;

/// <summary>
/// What each device applied is the log from where its copy begins, clipped to the user's membership: each record once, in order, the same content for
/// all. Numbers may be missing below the log's first, with a gap mark, and outside of the user's stays only.
/// </summary>
internal static class DeviceCheck
{
    public static IEnumerable<Violation> Find(RunFacts facts)
    {
        foreach (var log in facts.Logs)
        {
            var stays = Stays.Of(log, facts.Devices);
            var texts = Texts(log, facts);
            foreach (var device in facts.Devices)
            {
                var isDue = device.IsComplete && stays.Knows(device.User) && log.Records.Any(record => stays.MayRead(device.User, record.Mseq));
                if (!device.Copies.TryGetValue(log.Conversation, out var copy) || copy.Opened.Count == 0)
                {
                    if (isDue) yield return new Violation(ViolationKind.Lost, log.Conversation, log.First, $"{device.Name} never heard of the conversation");
                    continue;
                }
                foreach (var violation in FindIn(log, stays, texts, device, copy)) yield return violation;
            }
        }
    }

    private static IEnumerable<Violation> FindIn(ConversationLog log, Stays stays, Dictionary<long, HashSet<string>> texts, DeviceFacts device, CopyFacts copy)
    {
        var last = copy.Opened.Where(opened => opened.Epoch.Length == 0 || opened.Epoch == log.Epoch).Select(opened => opened.After).DefaultIfEmpty(-1).First();
        if (last < 0)
        {
            yield return new Violation(ViolationKind.Lost, log.Conversation, log.First, $"{device.Name} has the conversation in epoch {copy.Opened[^1].Epoch} only; the epoch is {log.Epoch}");
            yield break;
        }
        // Where a later copy begins, numbers before it were not asked for.
        var begins = copy.Opened.Select(opened => opened.After).ToHashSet();
        var seen = new HashSet<long>();
        foreach (var applied in copy.Applied)
        {
            if (applied.Epoch != log.Epoch)
            {
                yield return new Violation(ViolationKind.Foreign, log.Conversation, applied.Mseq, $"{device.Name} applied {applied.Mseq} of epoch {applied.Epoch}; the epoch is {log.Epoch}");
                continue;
            }
            if (!seen.Add(applied.Mseq))
            {
                yield return new Violation(ViolationKind.Doubled, log.Conversation, applied.Mseq, $"{device.Name} applied {applied.Mseq} twice");
                continue;
            }
            if (applied.Mseq <= last) yield return new Violation(ViolationKind.Reordered, log.Conversation, applied.Mseq, $"{device.Name} applied {applied.Mseq} after {last}");
            else if (!begins.Contains(applied.Mseq - 1) && FirstMissing(log, stays, device.User, last, applied.Mseq - 1) is { } missing)
                yield return new Violation(ViolationKind.Hole, log.Conversation, missing, $"{device.Name} applied {applied.Mseq} after {last}{(applied.Gap is null ? "" : " with a gap mark")}");
            else if (!begins.Contains(applied.Mseq - 1) && applied.Gap is null && stays.IsOpen && last + 1 < Math.Min(applied.Mseq, log.First))
                yield return new Violation(ViolationKind.Hole, log.Conversation, last + 1, $"{device.Name} applied {applied.Mseq} after {last}, and no gap mark says that retention had removed what is between");
            last = Math.Max(last, applied.Mseq);
            if (!stays.MayRead(device.User, applied.Mseq)) yield return new Violation(ViolationKind.Foreign, log.Conversation, applied.Mseq, $"{device.Name} of {device.User} got {applied.Mseq} and was no member then");
            if (Difference(log, texts, applied) is { } difference) yield return new Violation(ViolationKind.Content, log.Conversation, applied.Mseq, $"{device.Name}: {difference}");
        }
        if (copy.Pushed.FirstOrDefault(pushed => pushed.Epoch == log.Epoch && pushed.Mseq >= log.First && !stays.MayRead(device.User, pushed.Mseq)) is { Mseq: > 0 } leaked)
            yield return new Violation(ViolationKind.Foreign, log.Conversation, leaked.Mseq, $"{leaked.Mseq} was pushed to {device.Name}, and {device.User} was no member then");
        last = Math.Max(last, copy.Opened[^1].After);
        if (device.IsComplete && !copy.IsLeft && FirstMissing(log, stays, device.User, last, log.Head) is { } lost)
            yield return new Violation(ViolationKind.Lost, log.Conversation, lost, $"{device.Name} ended at {last} of {log.Head}");
    }

    /// <summary>The first number after <paramref name="last"/> that is kept and that the user may read.</summary>
    private static long? FirstMissing(ConversationLog log, Stays stays, string user, long last, long upTo)
    {
        for (var mseq = Math.Max(last + 1, log.First); mseq <= upTo; mseq++)
        {
            if (stays.MayRead(user, mseq)) return mseq;
        }
        return null;
    }

    private static string? Difference(ConversationLog log, Dictionary<long, HashSet<string>> texts, AppliedFact applied)
    {
        if (applied.Mseq < log.First || log.Find(applied.Mseq) is not { } record) return applied.Mseq > log.Head ? $"{applied.Mseq} is above the head {log.Head}" : null;
        if (applied.Mid.Length > 0 && applied.Mid != record.Mid) return $"{applied.Mseq} is {applied.Mid} there and {record.Mid} in the log";
        if (applied.From != record.From || applied.Cid != record.Cid || applied.Type != record.Type) return $"{applied.Mseq} is {applied.Type} {applied.Cid} of {applied.From} there, {record.Type} {record.Cid} of {record.From} in the log";
        if (record.IsEvent && applied.Ext != record.Ext) return $"the event {applied.Mseq} says '{applied.Ext}' there, '{record.Ext}' in the log";
        if (applied.IsRecalled) return record.IsRecalled ? null : $"{applied.Mseq} is recalled there, not in the log";
        return applied.Text == record.Text || (texts.TryGetValue(applied.Mseq, out var known) && known.Contains(applied.Text)) ? null : $"the text of {applied.Mseq} is '{applied.Text}' there, '{record.Text}' in the log";
    }

    /// <summary>Texts that a record had before it was edited or recalled.</summary>
    private static Dictionary<long, HashSet<string>> Texts(ConversationLog log, RunFacts facts)
    {
        var texts = new Dictionary<long, HashSet<string>>();
        void Add(long mseq, string text)
        {
            if (!texts.TryGetValue(mseq, out var known)) texts.Add(mseq, known = []);
            known.Add(text);
        }

        foreach (var sent in facts.Sent.Where(sent => sent.Conversation == log.Conversation && sent.Outcome == Outcome.Acked))
        {
            if (sent.Command is "msg" or "push") Add(sent.Mseq, sent.Text);
            else if (sent.Command == "edit") Add(sent.Target, sent.Text);
        }
        return texts;
    }
}
