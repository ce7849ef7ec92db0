using Im.Actors.Connections;
using Im.Tests.Support;
using Shouldly;
using Xunit;
using static Im.Tests.Connections.SlotHarness;

namespace Im.Tests.Connections;

public sealed class OutboundSlotSpecs : IDisposable
{
    private readonly SlotHarness _harness = new();

    public void Dispose() => _harness.Dispose();

    [Fact]
    public async Task Should_write_in_the_order_of_offers_when_several_frames_are_offered()
    {
        _harness.OfferAll(Reply("1"), Record("2"), Ephemeral("3"), Reply("4"));

        await _harness.ReadsAsync("1", "2", "3", "4");
    }

    [Fact]
    public async Task Should_write_once_when_frames_piled_up()
    {
        using (_harness.PauseLane()) _harness.OfferAll([.. Enumerable.Range(0, 50).Select(i => Record($"{i}"))]);

        await _harness.ReadsAsync([.. Enumerable.Range(0, 50).Select(i => $"{i}")]);
        _harness.Transport.Writes.Length.ShouldBe(1);
    }

    [Fact]
    public async Task Should_write_a_large_frame_by_itself_when_it_does_not_fit_the_scratch_buffer()
    {
        var large = new string('x', 100_000);
        using (_harness.PauseLane()) _harness.OfferAll(Record("1"), Record(large), Record("3"));

        await _harness.ReadsAsync("1", large, "3");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(5_000)]
    public async Task Should_lose_and_repeat_no_byte_when_the_kernel_takes_a_few_at_a_time(int bytes)
    {
        var texts = Enumerable.Range(0, 8).Select(i => $"frame {i} {new string('x', i * bytes % 300)}").ToArray();
        _harness.Transport.TakeOnly(0);
        using (_harness.PauseLane()) _harness.OfferAll([.. texts.Select(text => Record(text))]);
        await _harness.BlockedAsync();

        var total = texts.Sum(text => Record(text).Length);
        while (_harness.Transport.Bytes.Length < total)
        {
            _harness.Transport.MakeRoom(bytes);
            await Until.TrueAsync(() => _harness.Transport.IsBlocked || _harness.Transport.Bytes.Length == total);
        }

        _harness.Read().ShouldBe(texts);
    }

    [Fact]
    public async Task Should_complete_a_ticket_as_written_once_when_the_kernel_took_the_last_byte()
    {
        var ticket = new RecordedTicket();
        _harness.Transport.TakeOnly(4);
        _harness.Slot.Offer(Record("hello"), ticket);
        await _harness.BlockedAsync();
        ticket.Outcomes.ShouldBeEmpty();

        _harness.Transport.MakeRoom();

        await Until.TrueAsync(() => ticket.Outcomes.Length > 0);
        ticket.Outcomes.ShouldBe([WriteOutcome.Written]);
    }

    [Fact]
    public async Task Should_complete_tickets_as_closed_once_when_the_socket_is_gone()
    {
        var tickets = Enumerable.Range(0, 3).Select(_ => new RecordedTicket()).ToArray();
        await _harness.BlockAsync();
        foreach (var ticket in tickets) _harness.Slot.Offer(Record("x"), ticket);

        _harness.Slot.Detach();
        _harness.Transport.MakeRoom();
        _harness.Slot.Detach();

        foreach (var ticket in tickets) ticket.Outcomes.ShouldBe([WriteOutcome.Closed]);
    }

    [Fact]
    public async Task Should_complete_tickets_as_closed_when_a_write_fails()
    {
        var ticket = new RecordedTicket();
        _harness.Transport.Break();

        _harness.Slot.Offer(Record("x"), ticket);

        await Until.TrueAsync(() => ticket.Outcomes.Length > 0);
        ticket.Outcomes.ShouldBe([WriteOutcome.Closed]);
        _harness.Slot.Offer(Record("y")).ShouldBe(OfferResult.Closed);
    }

    [Fact]
    public async Task Should_complete_tickets_as_closed_when_a_waiting_write_fails()
    {
        var ticket = new RecordedTicket();
        await _harness.BlockAsync();
        _harness.Slot.Offer(Record("x"), ticket);

        _harness.Transport.Break();

        ticket.Outcomes.ShouldBe([WriteOutcome.Closed]);
    }

    [Fact]
    public async Task Should_hold_nothing_when_it_is_idle()
    {
        using (_harness.PauseLane()) _harness.OfferAll([.. Enumerable.Range(0, 100).Select(i => Record($"{i}"))]);

        await Until.TrueAsync(() => _harness.Slot.PendingBytes == 0);
        await Until.TrueAsync(() => !_harness.Slot.HoldsBuffer);
    }

    [Fact]
    public async Task Should_put_the_reply_behind_what_was_queued_before_the_hold()
    {
        using (_harness.PauseLane())
        {
            _harness.Slot.Offer(Reply("earlier"));
            _harness.Slot.Hold();
            _harness.Slot.Offer(Record("held"));
            _harness.Slot.Release(Reply("reply"));
        }

        await Until.TrueAsync(() => _harness.Read().Length == 3);
        _harness.Read().ShouldBe(["earlier", "reply", "held"]);
    }

    [Fact]
    public async Task Should_put_the_reply_first_when_it_is_released()
    {
        _harness.Slot.Hold();
        _harness.OfferAll(Record("1"), Record("2"));

        _harness.Slot.Release(Reply("reply"));

        await _harness.ReadsAsync("reply", "1", "2");
    }

    [Fact]
    public async Task Should_write_nothing_when_it_is_held()
    {
        _harness.Slot.Hold();
        _harness.OfferAll(Record("1"));
        using (_harness.PauseLane())
        {
            // The lane has been through its queue when it comes to the pause a second time.
        }

        using (_harness.PauseLane()) _harness.Read().ShouldBeEmpty();

        _harness.Slot.Release(Reply("reply"));
        await _harness.ReadsAsync("reply", "1");
    }

    [Fact]
    public async Task Should_put_the_reply_behind_a_half_written_frame_when_it_is_released()
    {
        _harness.Transport.TakeOnly(3);
        _harness.Slot.Offer(Record("half written"));
        await _harness.BlockedAsync();
        _harness.Slot.Hold();
        _harness.OfferAll(Record("1"), Record("2"));

        _harness.Slot.Release(Reply("reply"));
        _harness.Transport.MakeRoom();

        await _harness.ReadsAsync("half written", "reply", "1", "2");
    }
}
