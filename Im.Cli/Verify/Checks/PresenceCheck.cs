using Im.Cli.Verify.Facts;

namespace Im.Cli.Verify.Checks;

/// <summary>
/// Of who is online, or offline, without a break, the watcher does not believe the other for longer than the bound, and in peace <c>queryOnline</c> does not
/// say so either. The time without a connection of the watcher's own does not count, and the bound begins anew behind it.
/// </summary>
internal static class PresenceCheck
{
    /// <summary>Until a minority has left, and then until clients are back; a lease of 15 s is within it.</summary>
    public const long MaxDelayMs = 30_000;

    /// <summary>In peace: going offline is told two seconds late.</summary>
    public const long MaxQuietDelayMs = 5_000;

    public static IEnumerable<Violation> Find(RunFacts facts)
    {
        var sessions = facts.Sessions;
        foreach (var logins in sessions.Logins.GroupBy(login => login.User))
        {
            var seen = sessions.Seen.Where(fact => fact.User == logins.Key).ToList();
            var asked = sessions.Asked.Where(fact => fact.User == logins.Key).ToList();
            var online = Merge(logins.Where(login => login.OnlineMs is not null).Select(login => (login.OnlineMs!.Value, login.EndedMs ?? sessions.EndMs)));
            var attempted = Merge(logins.Select(login => (login.BegunMs, login.EndedMs ?? sessions.EndMs)));
            var offline = Without([(0, sessions.EndMs)], attempted);
            foreach (var (spans, state) in new[] { (online, "ONLINE"), (offline, "OFFLINE") })
            {
                foreach (var wrong in WrongOf(seen, asked, spans, state, facts)) yield return new Violation(ViolationKind.Presence, "u:" + logins.Key, 0, $"{logins.Key} {wrong}");
            }
        }
    }

    private static IEnumerable<string> WrongOf(List<PresenceFact> seen, List<PresenceFact> asked, List<(long From, long To)> spans, string state, RunFacts facts)
    {
        var away = facts.Sessions.WatcherAway.Select(time => (time.FromMs, time.ToMs)).ToList();
        foreach (var (from, to) in Without(spans, away))
        {
            foreach (var wrong in WrongStretches(seen, from, to, state).Where(wrong => IsTooLong(wrong.From, wrong.To, facts.Quiet)))
                yield return $"was {state} from {from} to {to} ms, and the watcher was told {wrong.Told} from {wrong.From} to {wrong.To} ms";
        }
        foreach (var (from, to) in spans)
        {
            foreach (var answer in asked.Where(fact => fact.State != state && fact.AtMs < to && IsTooLong(from, fact.AtMs, facts.Quiet)))
                yield return $"was {state} from {from} to {to} ms, and queryOnline said {answer.State} at {answer.AtMs} ms";
        }
    }

    /// <summary>Times inside a span at which the last news was another than the state.</summary>
    private static IEnumerable<(string Told, long From, long To)> WrongStretches(List<PresenceFact> seen, long from, long to, string state)
    {
        var told = seen.LastOrDefault(fact => fact.AtMs <= from)?.State ?? "nothing";
        var since = told == state ? (long?)null : from;
        foreach (var news in seen.Where(fact => fact.AtMs > from && fact.AtMs < to))
        {
            if (news.State == state && since is { } began)
            {
                yield return (told, began, news.AtMs);
                since = null;
            }
            else if (news.State != state)
            {
                since ??= news.AtMs;
            }
            told = news.State;
        }
        if (since is { } last) yield return (told, last, to);
    }

    private static bool IsTooLong(long fromMs, long toMs, long? quiet) => toMs - fromMs > MaxDelayMs || (quiet is { } start && toMs - Math.Max(fromMs, start) > MaxQuietDelayMs);

    private static List<(long From, long To)> Merge(IEnumerable<(long From, long To)> spans)
    {
        var merged = new List<(long From, long To)>();
        foreach (var span in spans.OrderBy(span => span.From))
        {
            if (merged.Count > 0 && span.From <= merged[^1].To) merged[^1] = (merged[^1].From, Math.Max(merged[^1].To, span.To));
            else merged.Add(span);
        }
        return merged;
    }

    private static List<(long From, long To)> Without(IEnumerable<(long From, long To)> spans, List<(long From, long To)> holes)
    {
        var rest = spans.ToList();
        foreach (var hole in holes)
            rest = [.. rest.SelectMany(span => hole.To <= span.From || hole.From >= span.To ? [span] : new[] { (span.From, hole.From), (hole.To, span.To) }).Where(span => span.Item2 > span.Item1)];
        return rest;
    }
}
