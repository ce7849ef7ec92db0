using Im.Actors.Connections;
using Im.Actors.Conversations;
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

        _ledger.Break(2).Select(send => send.Number).ShouldBe([2L, 3L, 4L]);

        Add("r:a", 6).ShouldBe(new SendPlace("n1-1", 3, 1, 1, false));
        _ledger.Take(1).ShouldNotBeNull();
        _ledger.Take(3).ShouldBeNull();
    }

    [Fact]
    public void Should_repeat_in_order_with_the_same_place_until_it_was_often_enough()
    {
        Add("r:a", 1);
        Add("r:a", 2);
        Add("r:a", 3);

        _ledger.Repeat(2, out var expired).ShouldBe([new SendPlace("n1-1", 1, 1, 1, true), new SendPlace("n1-1", 1, 2, 1, true)]);
        expired.ShouldBeEmpty();
        for (var i = 0; i < SendLedger.MaxAttempts; i++) _ledger.Repeat(2, out expired);
        expired.ShouldBe([1L, 2L]);
    }

    private SendPlace Add(string conversation, long tag) =>
        (SendPlace)_ledger.Add(conversation, tag, new ConnectionInput.Command(1, "s", "msg", default, false), place => place);
}
