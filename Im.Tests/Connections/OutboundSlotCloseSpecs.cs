using Im.Actors.Connections;
using Im.Protocol;
using Im.Tests.Support;
using Shouldly;
using Xunit;
using static Im.Tests.Connections.SlotHarness;

namespace Im.Tests.Connections;

public sealed class OutboundSlotCloseSpecs : IDisposable
{
    private readonly SlotHarness _harness = new();

    public void Dispose() => _harness.Dispose();

    [Fact]
    public async Task Should_write_what_is_queued_then_the_close_frame_when_it_closes()
    {
        using (_harness.PauseLane())
        {
            _harness.OfferAll(Record("1"), Record("2"));
            _harness.Slot.Close(CloseCode.Normal).ShouldBeTrue();
        }

        await _harness.ReadsAsync("1", "2", "close 1000");
        await Until.TrueAsync(() => _harness.Transport.ClosesSentCount == 1);
    }

    [Fact]
    public void Should_take_nothing_more_when_it_is_closing()
    {
        _harness.Slot.Close(CloseCode.Normal);

        _harness.Slot.Offer(Reply("late")).ShouldBe(OfferResult.Closed);
        _harness.Slot.Close(CloseCode.Drain).ShouldBeFalse();
        _harness.Slot.CloseCodeSent.ShouldBe(1000);
    }

    [Fact]
    public async Task Should_send_the_close_frame_when_it_is_held()
    {
        _harness.Slot.Hold();
        _harness.OfferAll(Record("1"));

        _harness.Slot.Close(CloseCode.ReplacedByLogin);

        await _harness.ReadsAsync("1", "close 4006");
    }

    [Fact]
    public async Task Should_drop_the_queue_when_the_reader_is_slow()
    {
        var ticket = new RecordedTicket();
        _harness.Transport.TakeOnly(3);
        _harness.Slot.Offer(Record("half written"));
        await _harness.BlockedAsync();
        _harness.Slot.Offer(Record("dropped"), ticket);

        _harness.Slot.Close(CloseCode.SlowReader);

        ticket.Outcomes.ShouldBe([WriteOutcome.Dropped]);
        _harness.Transport.MakeRoom();
        await _harness.ReadsAsync("half written", "close 4203");
    }

    [Fact]
    public async Task Should_close_with_4203_when_no_byte_was_taken_for_the_write_timeout()
    {
        await _harness.BlockAsync();
        _harness.Time.Advance(TimeSpan.FromSeconds(29));
        _harness.Slot.IsClosing.ShouldBeFalse();

        _harness.Time.Advance(TimeSpan.FromSeconds(2));

        _harness.Slot.CloseCodeSent.ShouldBe(4203);
    }

    [Fact]
    public async Task Should_stay_open_when_a_byte_is_taken_now_and_then()
    {
        var text = new string('x', 100);
        await _harness.BlockAsync(text);
        for (var i = 0; i < 5; i++)
        {
            _harness.Time.Advance(TimeSpan.FromSeconds(20));
            _harness.Transport.MakeRoom(1);
            await _harness.BlockedAsync();
        }

        _harness.Slot.IsClosing.ShouldBeFalse();
    }

    [Fact]
    public async Task Should_reset_the_socket_when_the_close_takes_too_long()
    {
        await _harness.BlockAsync();
        _harness.Slot.Close(CloseCode.Normal);
        _harness.Time.Advance(TimeSpan.FromSeconds(1));
        _harness.Transport.AbortsCount.ShouldBe(0);

        _harness.Time.Advance(TimeSpan.FromSeconds(2));

        _harness.Transport.AbortsCount.ShouldBe(1);
    }

    [Fact]
    public async Task Should_leave_the_wheel_when_the_socket_is_gone()
    {
        await _harness.BlockAsync();
        _harness.Slot.Close(CloseCode.Normal);

        _harness.Slot.Detach();
        _harness.Time.Advance(TimeSpan.FromMinutes(2));

        _harness.Transport.AbortsCount.ShouldBe(0);
        _harness.Wheel.Count.ShouldBe(0);
    }
}
