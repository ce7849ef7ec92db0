using Im.Cli.Verify.Facts;

namespace Im.Cli.Verify.Checks;

/// <summary>A final refusal means that nothing is stored, a stored cid always gets its 200, and every command gets an answer.</summary>
internal static class AnswerCheck
{
    private const int Conflict = 1018;

    public static IEnumerable<Violation> Find(RunFacts facts)
    {
        var stored = facts.Logs.SelectMany(log => log.Records.Where(record => record.Cid is not null).Select(record => (log.Conversation, record.From, Cid: record.Cid!, record))).ToLookup(entry => (entry.Conversation, entry.From, entry.Cid), entry => entry.record);
        var acked = facts.Sent.Where(sent => sent.Outcome == Outcome.Acked).Select(sent => (sent.Conversation, sent.User, sent.Cid)).ToHashSet();
        foreach (var sent in facts.Sent)
        {
            var key = (sent.Conversation, sent.User, sent.Cid);
            switch (sent.Outcome)
            {
                case Outcome.Open:
                    yield return new Violation(ViolationKind.Unanswered, sent.Conversation, 0, $"{sent}");
                    break;
                case Outcome.Refused when sent.Code == Conflict:
                    if (!stored[key].Any() && !acked.Contains(key)) yield return new Violation(ViolationKind.FalseAnswer, sent.Conversation, 0, $"{sent}, and there is nothing that it conflicts with");
                    else if (sent.Command == "msg" && stored[key].Any(record => record.Text == sent.Text)) yield return new Violation(ViolationKind.FalseAnswer, sent.Conversation, stored[key].First().Mseq, $"{sent}, and its content is stored");
                    break;
                case Outcome.Refused when acked.Contains(key):
                    yield return new Violation(ViolationKind.FalseAnswer, sent.Conversation, 0, $"{sent}, though the same cid was acknowledged");
                    break;
                case Outcome.Refused when stored[key].FirstOrDefault() is { } record:
                    yield return new Violation(ViolationKind.FalseAnswer, sent.Conversation, record.Mseq, $"{sent}, and the log has it at {record.Mseq}");
                    break;
            }
        }
    }
}
