using Akka.Actor;
using Akka.Cluster;
using Im.Actors.Downing;
using Shouldly;
using Xunit;

namespace Im.Tests.Downing;

public sealed class RefusalTallySpecs
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(3);
    private static readonly UniqueAddress[] Nodes = [.. Enumerable.Range(1, 5).Select(number => Node(number, uid: number))];

    private readonly RefusalTally _tally = new(Lifetime);

    [Theory]
    [InlineData(2, 1, false)]
    [InlineData(3, 1, false)]
    [InlineData(3, 2, true)]
    [InlineData(4, 2, false)]
    [InlineData(4, 3, true)]
    [InlineData(5, 2, false)]
    [InlineData(5, 3, true)]
    public void Should_take_more_than_half_of_the_members_with_the_suspect_among_them(int members, int observers, bool isMajority)
    {
        foreach (var observer in Nodes.Skip(1).Take(observers)) _tally.Add(Nodes[0], observer, TimeSpan.Zero);

        Majority(members).Count.ShouldBe(isMajority ? observers : 0);
    }

    [Fact]
    public void Should_count_the_suspect_when_it_is_no_longer_said_to_be_a_member()
    {
        _tally.Add(Nodes[0], Nodes[1], TimeSpan.Zero);

        _tally.Majority(Nodes[0], Nodes[1..3].ToHashSet(), TimeSpan.Zero).ShouldBeEmpty("one of three is none");
    }

    [Fact]
    public void Should_count_a_member_once_and_nobody_else()
    {
        _tally.Add(Nodes[0], Nodes[1], TimeSpan.Zero);
        _tally.Add(Nodes[0], Nodes[1], TimeSpan.Zero);
        _tally.Add(Nodes[0], Nodes[0], TimeSpan.Zero);
        _tally.Add(Nodes[0], Nodes[4], TimeSpan.Zero);
        _tally.Add(Nodes[0], Node(3, uid: 33), TimeSpan.Zero);

        Majority(3).ShouldBeEmpty();
    }

    [Fact]
    public void Should_not_count_for_one_incarnation_what_was_seen_of_another()
    {
        var before = Node(1, uid: 11);
        _tally.Add(before, Nodes[1], TimeSpan.Zero);
        _tally.Add(Nodes[0], Nodes[2], TimeSpan.Zero);

        Majority(3).ShouldBeEmpty();
        _tally.Add(before, Nodes[2], TimeSpan.Zero);
        Majority(3).ShouldBeEmpty();
        _tally.Majority(before, Nodes[1..3].Append(before).ToHashSet(), TimeSpan.Zero).Count.ShouldBe(2);
    }

    [Fact]
    public void Should_not_count_what_has_grown_old_or_was_found_otherwise_since()
    {
        _tally.Add(Nodes[0], Nodes[1], TimeSpan.Zero);
        _tally.Add(Nodes[0], Nodes[2], Lifetime);

        Majority(3, Lifetime).Count.ShouldBe(2);
        Majority(3, Lifetime + TimeSpan.FromMilliseconds(1)).ShouldBeEmpty();
        _tally.Add(Nodes[0], Nodes[1], Lifetime);
        _tally.Remove(Nodes[0], Nodes[2]);
        Majority(3, Lifetime).ShouldBeEmpty();
    }

    private IReadOnlyList<UniqueAddress> Majority(int members, TimeSpan now = default) => _tally.Majority(Nodes[0], Nodes[..members].ToHashSet(), now);

    private static UniqueAddress Node(int number, int uid) => new(new Address("akka.tcp", "im", $"10.0.0.{number}", 4053), uid);
}
