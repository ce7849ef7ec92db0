using Im.Cli.Bench.Burst;
using Shouldly;
using Xunit;

namespace Im.Tests.Cli;

public sealed class PairLedgerSpecs
{
    private const int Users = 70;

    [Fact]
    public void Should_hold_when_one_order_explains_all()
    {
        var ledger = Ordered();
        ledger.Total.ShouldBe(PairLedger.Due(Users));
        ledger.JudgeOrder().Holds.ShouldBeTrue();
    }

    [Fact]
    public void Should_find_a_lost_enter()
    {
        var ledger = Ordered(skip: (3, 66));
        ledger.JudgeOrder().Missing.ShouldBe(1);
        ledger.JudgeOrder().Holds.ShouldBeFalse();
    }

    [Fact]
    public void Should_find_a_doubled_enter()
    {
        var ledger = Ordered();
        ledger.Note(0, 5).ShouldBeFalse();
        ledger.JudgeOrder().Doubled.ShouldBe(1);
        ledger.JudgeOrder().Holds.ShouldBeFalse();
    }

    [Fact]
    public void Should_find_a_pair_that_was_told_both_ways()
    {
        var ledger = Ordered();
        ledger.Note(5, 0).ShouldBeTrue();
        ledger.JudgeOrder().Mutual.ShouldBe(1);
    }

    [Fact]
    public void Should_find_a_user_that_was_told_about_itself()
    {
        var ledger = Ordered();
        ledger.Note(9, 9);
        ledger.JudgeOrder().Self.ShouldBe(1);
    }

    [Fact]
    public void Should_find_no_order_when_three_follow_each_other_in_a_circle()
    {
        var ledger = new PairLedger(3);
        ledger.Note(0, 1);
        ledger.Note(1, 2);
        ledger.Note(2, 0);
        var verdict = ledger.JudgeOrder();
        verdict.ShouldBe(new PairVerdict(0, 0, 0, 0, HasOrder: false));
        verdict.Holds.ShouldBeFalse();
    }

    [Fact]
    public void Should_ignore_users_of_others() => new PairLedger(3).Note(0, 3).ShouldBeFalse();

    [Fact]
    public void Should_count_exits_that_are_missing_or_wrong()
    {
        var ledger = new PairLedger(4);
        ledger.Note(2, 0);
        ledger.Note(2, 1);
        ledger.Note(3, 0);
        ledger.JudgeExits(gone: 2).ShouldBe((1, 0));
        ledger.Note(3, 2);
        ledger.JudgeExits(gone: 2).ShouldBe((1, 1));
    }

    /// <summary>Users log in by number: each is told about all that come after it.</summary>
    private static PairLedger Ordered((int Receiver, int About)? skip = null)
    {
        var ledger = new PairLedger(Users);
        for (var receiver = 0; receiver < Users; receiver++)
        {
            for (var about = receiver + 1; about < Users; about++)
            {
                if (skip != (receiver, about)) ledger.Note(receiver, about);
            }
        }
        return ledger;
    }
}
