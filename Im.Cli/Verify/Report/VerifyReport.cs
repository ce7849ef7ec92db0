using Im.Cli.Bench.Report;
using Im.Cli.Verify.Checks;
using Im.Cli.Verify.Facts;

namespace Im.Cli.Verify.Report;

/// <param name="Violation">What is wrong.</param>
/// <param name="History">What happened around it in that conversation, one line each.</param>
internal sealed record ShownViolation(Violation Violation, IReadOnlyList<string> History);

/// <summary>The result of a run.</summary>
/// <param name="Removed">Records that retention had removed by the end.</param>
/// <param name="AckedByKind">By the letter of the conversation's kind: r, g, p, u.</param>
/// <param name="Changes">Acknowledged edits, recalls and changes of members.</param>
/// <param name="Applied">Records that devices got, all together.</param>
/// <param name="Repeated">Calls with a cid that was called before.</param>
/// <param name="Logins">Of users who may have one connection: let in.</param>
/// <param name="Replaced">Of those, closed because a later one took the place.</param>
/// <param name="Outdated">Logins with a lower try than the living connection's, refused.</param>
/// <param name="PresenceNews">What the watcher was told of users.</param>
/// <param name="Untried">What the run was to try and did not, such as retention that removed nothing; a run with any proves too little.</param>
/// <param name="Counts">Violations by kind; every kind is there.</param>
internal sealed record VerifyReport(
    Machine Machine,
    VerifyPlan Plan,
    int Conversations,
    int Stored,
    long Removed,
    int Sent,
    int Acked,
    IReadOnlyDictionary<string, int> AckedByKind,
    int Changes,
    int Repeated,
    int Refused,
    long Applied,
    int Logins,
    int Replaced,
    int Outdated,
    int PresenceNews,
    IReadOnlyList<string> Untried,
    IReadOnlyDictionary<string, int> Counts,
    IReadOnlyList<ShownViolation> First,
    bool Valid)
{
    private const int MaxShown = 5;
    private const int ReplacedByLogin = 4006;
    private const int OutdatedTry = 4204;

    private static readonly string[] Kinds = ["r", "g", "p", "u"];
    private static readonly string[] Commands = ["msg", "push", "edit", "recall", "add", "remove"];

    public string Scenario { get; } = "verify";

    /// <param name="isOwn">The node was started by this run, so that everything can be tried with it.</param>
    public static VerifyReport Of(VerifyPlan plan, RunFacts facts, IReadOnlyList<Violation> violations, bool isOwn)
    {
        string[] untried = [.. isOwn && plan.IsThorough ? Untry(facts) : [], .. Untry(facts.Sessions)];
        var counts = Enum.GetValues<ViolationKind>().ToDictionary(kind => kind.ToString(), kind => violations.Count(violation => violation.Kind == kind));
        // One of each kind before a second of any.
        var first = violations.GroupBy(violation => violation.Kind).SelectMany(group => group.Take(MaxShown).Select((violation, index) => (violation, index)))
            .OrderBy(entry => entry.index).Take(MaxShown * 2).Select(entry => new ShownViolation(entry.violation, ViolationHistory.Around(facts, entry.violation)));
        return new VerifyReport(
            Machine.Here,
            plan,
            facts.Logs.Count,
            facts.Logs.Sum(log => log.Records.Count),
            facts.Logs.Sum(log => log.First - 1),
            facts.Sent.Count,
            facts.Sent.Count(sent => sent.Outcome == Outcome.Acked),
            Kinds.ToDictionary(kind => kind, kind => facts.Sent.Count(sent => sent.Outcome == Outcome.Acked && sent.Conversation.StartsWith(kind, StringComparison.Ordinal))),
            facts.Sent.Count(sent => sent is { Outcome: Outcome.Acked, Command: not ("msg" or "push") }),
            facts.Sent.Count(sent => sent.IsRepeat),
            facts.Sent.Count(sent => sent.Outcome == Outcome.Refused),
            facts.Devices.Sum(device => device.Copies.Values.Sum(copy => (long)copy.Applied.Count)),
            facts.Sessions.Logins.Count(login => login.OnlineMs is not null),
            CountClosed(facts.Sessions, ReplacedByLogin),
            CountClosed(facts.Sessions, OutdatedTry),
            facts.Sessions.Seen.Count,
            untried,
            counts,
            [.. first],
            violations.Count == 0 && untried.Length == 0);
    }

    private static int CountClosed(SessionFacts sessions, int code) => sessions.Logins.Count(login => login.CloseCode == code);

    /// <summary>Of what logins and presence are checked by, when they are tried at all.</summary>
    private static IEnumerable<string> Untry(SessionFacts sessions)
    {
        if (sessions == SessionFacts.None) yield break;
        if (CountClosed(sessions, ReplacedByLogin) == 0) yield return "a login that takes another's place";
        if (CountClosed(sessions, OutdatedTry) == 0) yield return "a login with a lower try";
        if (!sessions.Seen.Any(news => news.State == "ONLINE") || !sessions.Seen.Any(news => news.State == "OFFLINE")) yield return "presence news";
        if (!sessions.Asked.Any(answer => answer.State == "ONLINE")) yield return "queryOnline";
    }

    private static IEnumerable<string> Untry(RunFacts facts)
    {
        var acked = facts.Sent.Where(sent => sent.Outcome == Outcome.Acked).ToArray();
        foreach (var kind in Kinds) if (!acked.Any(sent => sent.Conversation.StartsWith(kind, StringComparison.Ordinal))) yield return $"conversations {kind}:";
        foreach (var command in Commands) if (!acked.Any(sent => sent.Command == command)) yield return command;
        if (!acked.Any(sent => sent.IsRepeat)) yield return "repeated cids";
        if (facts.Logs.All(log => log.First == 1)) yield return "retention";
    }
}
