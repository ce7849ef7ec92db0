using Akka.Actor;
using Im.Actors.Conversations;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Conversations;

public sealed class ConversationStateSpecs : ActorSpecs
{
    private static readonly ConversationState Empty = ConversationState.New("e1");

    private IActorRef Relay => TestActor;

    [Theory]
    [InlineData(5, 0, nameof(OpDecision.Apply))]
    [InlineData(5, 4, nameof(OpDecision.OutOfOrder))]
    public void Should_take_only_a_first_op_when_the_relay_is_unknown(long op, long previous, string decision) =>
        Empty.Decide(Relay, op, previous).ToString().ShouldBe(decision);

    [Theory]
    [InlineData(11, 10, nameof(OpDecision.Apply))]
    [InlineData(10, 9, nameof(OpDecision.AlreadyApplied))]
    [InlineData(7, 0, nameof(OpDecision.AlreadyApplied))]
    [InlineData(13, 12, nameof(OpDecision.OutOfOrder))]
    [InlineData(13, 0, nameof(OpDecision.Apply))]
    public void Should_take_only_the_next_op_when_the_relay_is_known(long op, long previous, string decision) =>
        Empty.Entered(Relay, 10, true).Decide(Relay, op, previous).ToString().ShouldBe(decision);

    [Fact]
    public void Should_count_users_when_they_enter_and_exit()
    {
        var state = Empty.Entered(Relay, 1, true).Entered(Relay, 2, false).Entered(Relay, 3, true);
        state.Members.ShouldBe(2);

        state.Exited(Relay, 4).Members.ShouldBe(1);
        state.Order.ShouldBe(3);
    }

    [Fact]
    public void Should_take_a_report_when_the_relay_is_unknown()
    {
        var state = Empty.Reported(Relay, 7, 10);

        state.Members.ShouldBe(7);
        state.Decide(Relay, 11, 10).ShouldBe(OpDecision.Apply);
    }

    [Fact]
    public void Should_ignore_a_report_when_later_ops_were_applied()
    {
        var state = Empty.Reported(Relay, 7, 10).Entered(Relay, 11, true);

        state.Reported(Relay, 7, 10).ShouldBe(state);
    }
}
