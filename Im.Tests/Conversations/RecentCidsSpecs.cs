using Im.Actors.Conversations;
using Shouldly;
using Xunit;

namespace Im.Tests.Conversations;

public sealed class RecentCidsSpecs
{
    private readonly RecentCids _cids = new(TimeSpan.FromMinutes(10));

    [Fact]
    public void Should_give_the_first_answer_when_the_same_sender_repeats_a_cid()
    {
        _cids.Add("alice", "c1", Answer("m1"), 1_000);

        _cids.TryGet("alice", "c1", 2_000, out var answer).ShouldBeTrue();
        answer.MessageId.ShouldBe("m1");
        _cids.TryGet("bob", "c1", 2_000, out _).ShouldBeFalse();
        _cids.TryGet("alice", "c2", 2_000, out _).ShouldBeFalse();
    }

    [Fact]
    public void Should_forget_when_the_retention_is_over()
    {
        _cids.Add("alice", "c1", Answer("m1"), 1_000);

        _cids.TryGet("alice", "c1", 600_999, out _).ShouldBeTrue();
        _cids.TryGet("alice", "c1", 601_000, out _).ShouldBeFalse();
        _cids.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void Should_forget_the_oldest_first_when_there_are_too_many()
    {
        for (var i = 0; i <= RecentCids.MaxCount; i++) _cids.Add("alice", $"c{i}", Answer($"m{i}"), 1_000);

        _cids.TryGet("alice", "c0", 1_000, out _).ShouldBeFalse();
        _cids.TryGet("alice", "c1", 1_000, out _).ShouldBeTrue();
        _cids.TryGet("alice", $"c{RecentCids.MaxCount}", 1_000, out _).ShouldBeTrue();
    }

    private static ConversationEvents.Posted Answer(string id) => new(0, id, "e", 0, 0, false);
}
