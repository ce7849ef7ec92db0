using Im.Actors.Connections;
using Im.Actors.Conversations;
using Im.Protocol;
using Shouldly;
using Xunit;

namespace Im.Tests.Connections;

public sealed class SendLedgerSpecs
{
    private readonly SendLedger _ledger = new("n1-1");

    [Fact]
    public void Should_number_sends_per_conversation()
    {
        Add("r:a", 1).ShouldBe(new SendPlace("n1-1", 1, 1, 1, false));
        Add("r:b", 2).ShouldBe(new SendPlace("n1-1", 2, 1, 1, false));
        Add("r:a", 3).ShouldBe(new SendPlace("n1-1", 1, 2, 1, false));
    }

    [Fact]
    public void Should_begin_a_new_window_when_all_of_the_last_is_answered()
    {
        Add("r:a", 1);
        _ledger.Take(1).ShouldNotBeNull();

        Add("r:a", 2).ShouldBe(new SendPlace("n1-1", 2, 1, 1, false));
    }

    [Fact]
    public void Should_name_the_oldest_unanswered_when_earlier_ones_are_answered()
    {
        Add("r:a", 1);
        Add("r:a", 2);
        _ledger.Take(1);

        Add("r:a", 3).Oldest.ShouldBe(2);
    }

    [Fact]
    public void Should_give_back_all_behind_it_and_begin_anew_when_one_is_refused_for_a_while()
    {
        for (var tag = 1; tag <= 4; tag++) Add("r:a", tag);
        Add("r:b", 5);

        _ledger.Break(2, ReplyCode.Overloaded, nowMs: 0).Select(send => send.Number).ShouldBe([2L, 3L, 4L]);

        Add("r:a", 6).ShouldBe(new SendPlace("n1-1", 3, 1, 1, false));
        _ledger.Take(1).ShouldNotBeNull();
        _ledger.Take(3).ShouldBeNull();
    }

    [Fact]
    public void Should_repeat_in_order_with_the_same_place_until_it_has_waited_long_enough()
    {
        Add("r:a", 1);
        Add("r:a", 2);
        Add("r:a", 3);

        _ledger.Tick(2, out var expired).ShouldBe([new SendPlace("n1-1", 1, 1, 1, true), new SendPlace("n1-1", 1, 2, 1, true)]);
        expired.ShouldBeEmpty();
        for (var i = 1; i < SendLedger.MaxTicks - 1; i++)
        {
            _ledger.Tick(2, out expired);
            expired.ShouldBeEmpty();
        }

        _ledger.Tick(2, out expired).ShouldBeEmpty();
        expired.ShouldBe([1L, 2L]);
    }

    [Fact]
    public void Should_repeat_soon_and_then_ever_more_seldom()
    {
        Add("r:a", 1);

        var repeated = Enumerable.Range(1, 12).Where(_ => _ledger.Tick(1, out var _).Count > 0);

        repeated.ShouldBe([1, 3, 7, 11]);
    }

    [Fact]
    public void Should_repeat_all_behind_it_in_its_window_when_one_is_due()
    {
        Add("r:a", 1);
        for (var i = 0; i < 2; i++) _ledger.Tick(1, out _);
        Add("r:a", 2);
        _ledger.Tick(1, out _);
        for (var i = 0; i < 3; i++) _ledger.Tick(2, out _);

        _ledger.Tick(2, out _).ShouldBe([new SendPlace("n1-1", 1, 1, 1, true), new SendPlace("n1-1", 1, 2, 1, true)]);
    }

    [Fact]
    public void Should_wait_as_long_as_before_when_the_owners_have_moved()
    {
        Add("r:a", 1);
        Add("r:b", 2);
        for (var i = 1; i < SendLedger.MaxTicks; i++) _ledger.Tick(2, out _);

        _ledger.Repeat().ShouldBe([new SendPlace("n1-1", 1, 1, 1, true), new SendPlace("n1-1", 2, 1, 1, true)]);

        for (var i = 1; i < SendLedger.MaxTicks; i++)
        {
            _ledger.Tick(2, out var expired);
            expired.ShouldBeEmpty();
        }
    }

    [Fact]
    public void Should_give_up_in_the_end_when_owners_move_all_the_time()
    {
        Add("r:a", 1);
        IReadOnlyList<long> expired = [];
        var ticks = 0;
        for (; expired.Count == 0 && ticks <= SendLedger.MaxAllTicks; ticks++)
        {
            _ledger.Repeat();
            _ledger.Tick(1, out expired);
        }

        ticks.ShouldBe(SendLedger.MaxAllTicks);
    }

    [Fact]
    public void Should_refuse_what_comes_after_a_refused_one_until_that_one_comes_again()
    {
        Add("r:a", 1, "c1");
        Add("r:a", 2, "c2");
        _ledger.Break(1, ReplyCode.Overloaded, nowMs: 0);

        _ledger.Refusal("r:a", "c3", nowMs: 10).ShouldBe(ReplyCode.Overloaded, "it was sent before the client heard of the refusal");
        _ledger.Refusal("r:a", "c2", nowMs: 20).ShouldBe(ReplyCode.Overloaded);
        _ledger.Refusal("r:b", "c3", nowMs: 20).ShouldBeNull("another conversation");

        _ledger.Refusal("r:a", "c1", nowMs: 600).ShouldBeNull();
        _ledger.Refusal("r:a", "c2", nowMs: 601).ShouldBeNull();
    }

    [Fact]
    public void Should_begin_again_with_the_earliest_when_several_were_refused()
    {
        for (var tag = 1; tag <= 3; tag++) Add("r:a", tag, $"c{tag}");
        _ledger.Break(2, ReplyCode.Overloaded, nowMs: 0);
        _ledger.Break(1, ReplyCode.OutcomeUnknown, nowMs: 5);

        _ledger.Refusal("r:a", "c2", nowMs: 10).ShouldBe(ReplyCode.OutcomeUnknown);
        _ledger.Refusal("r:a", "c1", nowMs: 10).ShouldBeNull();
    }

    [Fact]
    public void Should_let_others_through_when_the_refused_one_was_given_up()
    {
        Add("r:a", 1, "c1");
        _ledger.Break(1, ReplyCode.Overloaded, nowMs: 0);

        _ledger.Refusal("r:a", "c2", nowMs: 4_999).ShouldNotBeNull();
        _ledger.Refusal("r:a", "c2", nowMs: 5_000).ShouldBeNull();
    }

    private SendPlace Add(string conversation, long tag, string? cid = null) =>
        (SendPlace)_ledger.Add(conversation, tag, new ConnectionInput.Command(1, "s", "msg", default, false), cid, (_, place) => place);
}
