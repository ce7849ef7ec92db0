using Im.Actors.Conversations;
using Im.Protocol;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Im.Tests.Conversations;

public sealed class RecentDecisionsSpecs
{
    private static readonly byte[] Hash = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    private static readonly RecentDecision Refused = new(new LogDecision(ReplyCode.NotAMember, "conv"), null);

    private readonly FakeTimeProvider _time = new();
    private readonly RecentDecisions _decisions;

    public RecentDecisionsSpecs() => _decisions = new RecentDecisions(_time);

    [Fact]
    public void Should_find_the_same_cid_of_the_same_sender_with_the_same_content_only()
    {
        _decisions.Add(("alice", "c1"), Hash, Refused);

        _decisions.TryGet(("alice", "c1"), Hash, out var found).ShouldBeTrue();
        found.ShouldBe(Refused);
        _decisions.TryGet(("bob", "c1"), Hash, out _).ShouldBeFalse();
        _decisions.TryGet(("alice", "c2"), Hash, out _).ShouldBeFalse();
        _decisions.TryGet(("alice", "c1"), [.. Hash.Reverse()], out _).ShouldBeFalse();
    }

    [Fact]
    public void Should_keep_the_first_decision()
    {
        _decisions.Add(("alice", "c1"), Hash, Refused);
        _decisions.Add(("alice", "c1"), Hash, new RecentDecision(new LogDecision(ReplyCode.Muted), null));

        _decisions.TryGet(("alice", "c1"), Hash, out var found).ShouldBeTrue();
        found.ShouldBe(Refused);
    }

    [Fact]
    public void Should_forget_after_its_time_whatever_came_later()
    {
        _decisions.Left.ShouldBe(TimeSpan.Zero);
        _decisions.Add(("alice", "c1"), Hash, Refused);
        _time.Advance(RecentDecisions.Retention - TimeSpan.FromSeconds(1));
        _decisions.Add(("alice", "c2"), Hash, Refused);
        _decisions.TryGet(("alice", "c1"), Hash, out _).ShouldBeTrue();

        _time.Advance(TimeSpan.FromSeconds(1));

        _decisions.TryGet(("alice", "c1"), Hash, out _).ShouldBeFalse();
        _decisions.TryGet(("alice", "c2"), Hash, out _).ShouldBeTrue();
        _decisions.Left.ShouldBe(RecentDecisions.Retention - TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void Should_forget_the_oldest_rather_than_grow_without_bound()
    {
        for (var i = 0; i <= RecentDecisions.MaxCount; i++) _decisions.Add(("alice", $"c{i}"), Hash, Refused);

        _decisions.TryGet(("alice", "c0"), Hash, out _).ShouldBeFalse();
        _decisions.TryGet(("alice", "c1"), Hash, out _).ShouldBeTrue();
        _decisions.TryGet(("alice", $"c{RecentDecisions.MaxCount}"), Hash, out _).ShouldBeTrue();
    }
}
