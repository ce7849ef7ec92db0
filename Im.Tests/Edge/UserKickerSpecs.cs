using Akka.TestKit;
using Im.Actors.Edge;
using Im.Actors.Sessions;
using Im.Protocol.Names;
using Im.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Im.Tests.Edge;

/// <summary>A kick may be lost with the session's node, or its answer: the session is asked again, and the answer says what is sure.</summary>
public sealed class UserKickerSpecs : ActorSpecs
{
    private readonly FakeTimeProvider _time = new();
    private readonly TestProbe _session;
    private readonly UserKicker _kicker;

    public UserKickerSpecs()
    {
        _session = CreateTestProbe();
        _kicker = new UserKicker(_session.Ref, new OwnerCaller(Sys.ActorOf(OwnerCallsActor.Create(_time)), _time));
    }

    [Fact]
    public async Task Should_name_what_was_closed_when_the_session_answers()
    {
        var kick = Kick();
        var asked = _session.ExpectMsg<SessionCommands.Kick>();
        _session.Reply(new SessionEvents.Kicked(["n1-2a", "n2-9"]) { Tag = asked.Tag });

        var result = await kick;

        (asked.User.User.Value, asked.Reason).ShouldBe(("alice", "spam"));
        asked.Platforms.ShouldBe(["web"]);
        result.Closed.ShouldBe([new ClosedConnection("n1-2a", "n1"), new ClosedConnection("n2-9", "n2")]);
        result.Partial.ShouldBeFalse();
    }

    [Fact]
    public async Task Should_ask_again_and_say_that_there_may_be_more_when_no_answer_came()
    {
        var kick = Kick(TimeSpan.FromHours(1));
        _session.ExpectMsg<SessionCommands.Kick>();

        var again = await NextAsync();
        _session.Reply(new SessionEvents.Kicked(["n2-9"]) { Tag = again.Tag });

        var result = await kick;
        (result.Closed.ShouldHaveSingleItem().Node, result.Partial).ShouldBe(("n2", true));
    }

    [Fact]
    public async Task Should_say_that_nothing_is_known_when_no_answer_comes_at_all()
    {
        var kick = Kick();
        _session.ExpectMsg<SessionCommands.Kick>();
        await Until.TrueAsync(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return kick.IsCompleted;
        });

        var result = await kick;
        (result.Closed.Count, result.Partial).ShouldBe((0, true));
    }

    private Task<CloseResult> Kick(TimeSpan? timeout = null) => _kicker.KickAsync(Pushes.App, new UserId("alice"), ["web"], "spam", timeout ?? Pushes.Timeout, default);

    /// <summary>The next attempt, once the first one's patience and the pause after it are over.</summary>
    private async Task<SessionCommands.Kick> NextAsync()
    {
        _time.Advance(TimeSpan.FromSeconds(4));
        await Until.TrueAsync(() =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(20));
            return _session.HasMessages;
        });
        return _session.ExpectMsg<SessionCommands.Kick>();
    }
}
