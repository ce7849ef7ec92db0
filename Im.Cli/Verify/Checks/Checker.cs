using Im.Cli.Verify.Facts;

namespace Im.Cli.Verify.Checks;

/// <summary>All checks over the facts of a run.</summary>
internal static class Checker
{
    public static IReadOnlyList<Violation> Check(RunFacts facts) =>
    [
        .. LogCheck.Find(facts),
        .. AckCheck.Find(facts),
        .. SendOrderCheck.Find(facts),
        .. AnswerCheck.Find(facts),
        .. MemberCheck.Find(facts),
        .. DeviceCheck.Find(facts),
        .. StateCheck.Find(facts),
        .. MarkCheck.Find(facts),
        .. QuietCheck.Find(facts),
        .. KickCheck.Find(facts),
        .. PresenceCheck.Find(facts),
    ];
}
