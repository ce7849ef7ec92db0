using Im.Cli.Verify.Facts;

namespace Im.Cli.Verify.Checks;

/// <summary>Messages of one device to one conversation stand there in the order of its calls.</summary>
internal static class SendOrderCheck
{
    public static IEnumerable<Violation> Find(RunFacts facts)
    {
        foreach (var lane in facts.Sent.Where(sent => sent is { Outcome: Outcome.Acked, IsRepeat: false, Command: "msg" }).GroupBy(sent => (sent.Device, sent.Conversation)))
        {
            SentFact? before = null;
            foreach (var sent in lane.OrderBy(sent => sent.Order))
            {
                if (before is not null && sent.Epoch == before.Epoch && sent.Mseq <= before.Mseq)
                    yield return new Violation(ViolationKind.Reordered, sent.Conversation, sent.Mseq, $"{sent}, though it was sent after: {before}");
                before = sent;
            }
        }
    }
}
