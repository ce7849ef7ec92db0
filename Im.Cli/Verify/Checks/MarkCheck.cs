using Im.Cli.Verify.Facts;

namespace Im.Cli.Verify.Checks;

/// <summary>Delivered and read marks, as each device hears of them, only grow while the node lives, and never pass the head.</summary>
internal static class MarkCheck
{
    public static IEnumerable<Violation> Find(RunFacts facts)
    {
        foreach (var marks in facts.Marks.GroupBy(mark => (mark.Device, mark.Kind, mark.Conversation, mark.User, mark.Life)))
        {
            long highest = 0;
            foreach (var mark in marks)
            {
                if (mark.Mseq < highest) yield return new Violation(ViolationKind.CursorBack, mark.Conversation, mark.Mseq, $"{mark.Device} heard {mark.Kind} {mark.Mseq} of {mark.User} after {highest}");
                highest = Math.Max(highest, mark.Mseq);
            }
            if (facts.Log(marks.Key.Conversation) is { } log && highest > log.Head)
                yield return new Violation(ViolationKind.CursorBack, log.Conversation, highest, $"{marks.Key.Device} heard {marks.Key.Kind} {highest} of {marks.Key.User}; the head is {log.Head}");
        }
    }
}
