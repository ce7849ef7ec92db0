using Akka.Actor;
using Im.Node.Clustering.Formation;
using Shouldly;
using Xunit;

namespace Im.Tests.Clustering;

public sealed class JoinPlanSpecs
{
    private static readonly Address One = Node(1);
    private static readonly Address Two = Node(2);
    private static readonly Address Three = Node(3);

    [Fact]
    public void Should_join_itself_when_there_are_no_seeds()
    {
        JoinPlan.Of(One, [], []).ShouldBe([One]);
    }

    [Fact]
    public void Should_let_the_first_seed_found_a_cluster_when_nobody_is_about()
    {
        JoinPlan.Of(One, [One, Two], []).ShouldBe([One, Two]);
        JoinPlan.Of(One, [One], []).ShouldBe([One]);
        JoinPlan.Of(One, [One, Two], [One]).ShouldBe([One, Two], "its own row is that of the process before");
    }

    [Fact]
    public void Should_never_found_a_second_cluster_while_the_store_knows_of_members()
    {
        JoinPlan.Of(One, [One, Two], [Two]).ShouldBe([Two]);
        JoinPlan.Of(One, [One], [Three]).ShouldBe([Three]);
    }

    [Fact]
    public void Should_not_found_a_cluster_when_the_store_does_not_answer()
    {
        JoinPlan.Of(One, [One, Two], null).ShouldBe([Two]);
        JoinPlan.Of(One, [One], null).ShouldBeEmpty();
    }

    [Fact]
    public void Should_wait_for_others_when_it_is_not_the_first_seed()
    {
        JoinPlan.Of(Two, [One, Two], []).ShouldBe([One]);
        JoinPlan.Of(Three, [One, Two], []).ShouldBe([One, Two]);
    }

    [Fact]
    public void Should_join_by_members_that_are_no_seeds_when_the_seeds_are_away()
    {
        JoinPlan.Of(Two, [One, Two], [Three]).ShouldBe([One, Three]);
    }

    private static Address Node(int number) => new("akka.tcp", "im", $"im-{number}", 4053);
}
