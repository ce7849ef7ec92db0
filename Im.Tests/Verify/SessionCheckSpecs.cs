using Im.Cli.Verify.Checks;
using Im.Cli.Verify.Facts;
using Shouldly;
using Xunit;

namespace Im.Tests.Verify;

/// <summary>A user who may have one connection logs in from a phone, then from a desk, and lives there; the watcher and <c>queryOnline</c> say so.</summary>
public sealed class SessionCheckSpecs
{
    private const string User = "dana";
    private const long Quiet = 100_000;
    private const long End = 200_000;

    private readonly List<LoginFact> _logins =
    [
        new(User, "phone", 1, 1_000) { OnlineMs = 1_100, EndedMs = 60_200, CloseCode = 4006 },
        new(User, "desk", 2, 60_000) { OnlineMs = 60_100 },
    ];

    private readonly List<PresenceFact> _seen = [new(User, "OFFLINE", 0), new(User, "ONLINE", 1_150)];
    private readonly List<AwayFact> _watcherAway = [];
    private readonly List<PresenceFact> _asked = [new(User, "ONLINE", 120_000)];

    [Fact]
    public void Should_find_nothing_when_the_later_login_took_the_place() => Check().ShouldBeEmpty();

    [Fact]
    public void Should_find_a_kick_that_came_too_late_across_a_cut()
    {
        _logins[0].EndedMs = 60_100 + KickCheck.MaxOverlapMs + 1;
        ShouldFind(ViolationKind.Kick);
    }

    [Fact]
    public void Should_allow_two_connections_until_the_minority_has_left()
    {
        _logins[0].EndedMs = 60_100 + KickCheck.MaxOverlapMs;
        Check().ShouldBeEmpty();
    }

    [Fact]
    public void Should_find_a_kick_that_came_late_in_peace()
    {
        _logins.Add(new LoginFact(User, "phone", 3, Quiet) { OnlineMs = Quiet + 100 });
        (_logins[1].EndedMs, _logins[1].CloseCode) = (Quiet + 101 + KickCheck.MaxQuietOverlapMs, 4006);
        ShouldFind(ViolationKind.Kick);
    }

    [Fact]
    public void Should_find_a_loser_that_lives_until_the_end()
    {
        (_logins[0].EndedMs, _logins[0].CloseCode) = (null, null);
        ShouldFind(ViolationKind.Kick);
    }

    [Fact]
    public void Should_find_that_the_latest_login_did_not_live()
    {
        (_logins[1].EndedMs, _logins[1].CloseCode) = (150_000, 1006);
        ShouldFind(ViolationKind.Kick);
    }

    [Fact]
    public void Should_allow_that_the_latest_login_left_on_purpose()
    {
        (_logins[1].EndedMs, _logins[1].IsLeft) = (150_000, true);
        _seen.Add(new PresenceFact(User, "OFFLINE", 152_000));
        Check().ShouldBeEmpty();
    }

    [Fact]
    public void Should_find_a_winner_that_was_closed_by_a_lower_try_of_its_device()
    {
        _logins.Add(new LoginFact(User, "desk", 4, 80_000) { OnlineMs = 80_100, EndedMs = 90_050, CloseCode = 4006 });
        _logins.Add(new LoginFact(User, "desk", 3, 90_000) { OnlineMs = 90_100, EndedMs = 90_200 });
        (_logins[1].EndedMs, _logins[1].CloseCode) = (80_100, 4006);
        ShouldFind(ViolationKind.Kick);
    }

    [Fact]
    public void Should_allow_that_a_login_which_was_given_up_on_a_silent_node_arrives_late()
    {
        (_logins[0].EndedMs, _logins[0].CloseCode) = (1_300, null);
        _logins[1] = new LoginFact(User, "desk", 4, 60_000) { OnlineMs = 60_100, EndedMs = 62_000, CloseCode = 4006 };
        _logins.Add(new LoginFact(User, "phone", 3, 50_000) { EndedMs = 60_000 });
        _logins.Add(new LoginFact(User, "phone", 5, 63_000) { OnlineMs = 63_100 });
        Check().ShouldNotContain(violation => violation.Kind == ViolationKind.Kick);
    }

    [Fact]
    public void Should_find_that_who_is_online_is_told_to_be_offline_for_too_long()
    {
        _seen.Add(new PresenceFact(User, "OFFLINE", 20_000));
        _seen.Add(new PresenceFact(User, "ONLINE", 20_001 + PresenceCheck.MaxDelayMs));
        ShouldFind(ViolationKind.Presence);
    }

    [Fact]
    public void Should_allow_false_news_until_a_minority_has_left()
    {
        _seen.Add(new PresenceFact(User, "OFFLINE", 20_000));
        _seen.Add(new PresenceFact(User, "ONLINE", 20_000 + PresenceCheck.MaxDelayMs));
        Check().ShouldBeEmpty();
    }

    [Fact]
    public void Should_find_that_the_last_news_is_not_true_in_peace()
    {
        _seen.Add(new PresenceFact(User, "OFFLINE", End - PresenceCheck.MaxQuietDelayMs - 1));
        ShouldFind(ViolationKind.Presence);
    }

    [Fact]
    public void Should_find_that_who_went_is_still_told_to_be_online()
    {
        _logins.Add(new LoginFact("erin", "phone", 1, 1_000) { OnlineMs = 1_100, EndedMs = 50_000 });
        _seen.Add(new PresenceFact("erin", "ONLINE", 1_200));
        _seen.Add(new PresenceFact("erin", "OFFLINE", 50_001 + PresenceCheck.MaxDelayMs));
        ShouldFind(ViolationKind.Presence);
    }

    [Fact]
    public void Should_ask_nothing_of_a_watcher_that_has_no_connection()
    {
        _seen.Add(new PresenceFact(User, "OFFLINE", 20_000));
        _seen.Add(new PresenceFact(User, "ONLINE", 59_000));
        _watcherAway.Add(new AwayFact(19_000, 1006, 58_000));
        Check().ShouldBeEmpty();
    }

    [Fact]
    public void Should_find_that_query_online_says_offline_of_who_is_online_in_peace()
    {
        _asked.Add(new PresenceFact(User, "OFFLINE", 130_000));
        ShouldFind(ViolationKind.Presence);
    }

    private void ShouldFind(ViolationKind kind) => Check().ShouldContain(violation => violation.Kind == kind);

    private IReadOnlyList<Violation> Check() =>
        Checker.Check(new History { Quiet = Quiet }.Facts with { Sessions = new SessionFacts(_logins, _seen, _watcherAway, _asked, End) });
}
