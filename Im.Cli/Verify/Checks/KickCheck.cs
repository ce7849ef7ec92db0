using Im.Cli.Verify.Facts;

namespace Im.Cli.Verify.Checks;

/// <summary>
/// Of users who may have one connection: a later login takes the place, the earlier connection ends soon, and nothing but a later login closes one
/// with 4006. A login of the same device with a lower try does not get the place of one that lives.
/// </summary>
internal static class KickCheck
{
    /// <summary>While nodes may not see each other: until the minority has left.</summary>
    public const long MaxOverlapMs = 20_000;

    /// <summary>In peace.</summary>
    public const long MaxQuietOverlapMs = 3_000;

    /// <summary>A login that its client gave up may still lie in the socket of a node that stands still, and be read so much later.</summary>
    public const long GivenUpMs = 60_000;

    private const int ReplacedByLogin = 4006;

    public static IEnumerable<Violation> Find(RunFacts facts)
    {
        foreach (var logins in facts.Sessions.Logins.GroupBy(login => login.User))
        {
            var all = logins.OrderBy(login => login.Try).ToList();
            foreach (var (earlier, later, fromMs, ms) in Overlaps(all, facts.Sessions.EndMs))
            {
                var bound = facts.Quiet is { } quiet && fromMs >= quiet ? MaxQuietOverlapMs : MaxOverlapMs;
                if (ms > bound) yield return Of(earlier, $"{earlier} and {later} were both online for {ms} ms");
            }
            foreach (var login in all.Where(login => login.CloseCode == ReplacedByLogin && !HasRival(login, all)))
                yield return Of(login, $"{login} was closed with {ReplacedByLogin}, and no later login took its place");
            if (facts.Quiet is null || all.LastOrDefault(login => login.OnlineMs is not null) is not { } last) continue;
            if (last is { EndedMs: not null, IsLeft: false }) yield return Of(last, $"{last} was the latest, and did not live until the end");
            foreach (var login in all.Where(login => login != last && login is { OnlineMs: not null, EndedMs: null })) yield return Of(login, $"{login} lived until the end beside {last}");
        }
    }

    /// <summary>Pairs of a user's connections that were online at the same time.</summary>
    public static IEnumerable<(LoginFact Earlier, LoginFact Later, long FromMs, long Ms)> Overlaps(IReadOnlyList<LoginFact> logins, long endMs)
    {
        for (var i = 0; i < logins.Count; i++)
        {
            for (var j = i + 1; j < logins.Count; j++)
            {
                if (logins[i].OnlineMs is not { } one || logins[j].OnlineMs is not { } other) continue;
                var (from, to) = (Math.Max(one, other), Math.Min(logins[i].EndedMs ?? endMs, logins[j].EndedMs ?? endMs));
                if (to > from) yield return (logins[i], logins[j], from, to - from);
            }
        }
    }

    private static bool HasRival(LoginFact login, List<LoginFact> all) =>
        all.Exists(other => other.BegunMs <= login.EndedMs && (other.Try > login.Try || (other.Device != login.Device && other.OnlineMs is null && login.EndedMs - other.BegunMs <= GivenUpMs)));

    private static Violation Of(LoginFact login, string what) => new(ViolationKind.Kick, "u:" + login.User, 0, what);
}
