using Im.Cli.Verify.Facts;

namespace Im.Cli.Verify.Checks;

/// <summary>An acknowledged change of a group's members holds at the number of its answer: who was added is in, who was removed is out after it.</summary>
internal static class MemberCheck
{
    public static IEnumerable<Violation> Find(RunFacts facts)
    {
        foreach (var changes in facts.Sent.Where(sent => sent is { Command: "add" or "remove", Outcome: Outcome.Acked }).GroupBy(sent => sent.Conversation))
        {
            if (facts.Log(changes.Key) is not { } log)
            {
                yield return new Violation(ViolationKind.Lost, changes.Key, 0, $"{changes.First()}, and there is no such conversation");
                continue;
            }

            var stays = Stays.Of(log, facts.Devices);
            foreach (var change in changes)
            {
                if (change.Mseq > log.Head) yield return new Violation(ViolationKind.Lost, log.Conversation, change.Mseq, $"{change}, and the head is {log.Head}");
                else if (change.Command == "add" && !stays.MayRead(change.Text, change.Mseq))
                    yield return new Violation(ViolationKind.Lost, log.Conversation, change.Mseq, $"{change}, and {change.Text} is no member there");
                else if (change.Command == "remove" && stays.IsThrough(change.Text, change.Mseq))
                    yield return new Violation(ViolationKind.Lost, log.Conversation, change.Mseq, $"{change}, and {change.Text} is still a member after it");
            }
        }
    }
}
