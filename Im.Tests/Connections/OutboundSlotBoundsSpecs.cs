using Im.Actors.Connections;
using Shouldly;
using Xunit;
using static Im.Tests.Connections.SlotHarness;

namespace Im.Tests.Connections;

public sealed class OutboundSlotBoundsSpecs : IDisposable
{
    private readonly SlotHarness _harness = new(new ConnectionLimits { OutboundMaxFramesCount = 10, OutboundMaxBytes = 1_000 });

    public void Dispose() => _harness.Dispose();

    [Fact]
    public async Task Should_refuse_a_record_when_it_holds_the_most_frames()
    {
        await _harness.BlockAsync();
        for (var i = 1; i < 10; i++) _harness.Slot.Offer(Record($"{i}")).ShouldBe(OfferResult.Accepted);

        _harness.Slot.Offer(Record("one too many")).ShouldBe(OfferResult.Full);

        _harness.Transport.MakeRoom();
        await _harness.ReadsAsync(["head", .. Enumerable.Range(1, 9).Select(i => $"{i}")]);
    }

    [Fact]
    public async Task Should_refuse_a_record_when_it_holds_the_most_bytes()
    {
        await _harness.BlockAsync();
        _harness.Slot.Offer(Record(new string('x', 900))).ShouldBe(OfferResult.Accepted);

        _harness.Slot.Offer(Record(new string('y', 200))).ShouldBe(OfferResult.Full);
        _harness.Slot.PendingBytes.ShouldBeLessThanOrEqualTo(1_000);
    }

    [Fact]
    public async Task Should_take_a_reply_when_it_is_full()
    {
        await _harness.BlockAsync();
        for (var i = 1; i < 10; i++) _harness.Slot.Offer(Record($"{i}"));

        _harness.Slot.Offer(Reply("reply")).ShouldBe(OfferResult.Accepted);
    }

    [Fact]
    public async Task Should_keep_only_the_newest_ephemeral_of_a_key_when_it_is_above_half()
    {
        var older = new RecordedTicket();
        await _harness.BlockAsync();
        for (var i = 1; i <= 5; i++) _harness.Slot.Offer(Record($"{i}"));
        _harness.Slot.Offer(Ephemeral("count 1", "count"), older);
        _harness.Slot.Offer(Ephemeral("other", "other"));

        _harness.Slot.Offer(Ephemeral("count 2", "count")).ShouldBe(OfferResult.Accepted);

        older.Outcomes.ShouldBe([WriteOutcome.Dropped]);
        _harness.Transport.MakeRoom();
        await _harness.ReadsAsync("head", "1", "2", "3", "4", "5", "count 2", "other");
    }

    [Fact]
    public async Task Should_keep_every_ephemeral_of_a_key_when_it_is_below_half()
    {
        await _harness.BlockAsync();
        _harness.OfferAll(Ephemeral("count 1", "count"), Ephemeral("count 2", "count"));

        _harness.Transport.MakeRoom();

        await _harness.ReadsAsync("head", "count 1", "count 2");
    }

    [Fact]
    public async Task Should_leave_a_half_written_ephemeral_alone_when_a_newer_one_comes()
    {
        _harness.Transport.TakeOnly(5);
        _harness.Slot.Offer(Ephemeral("count 1", "count"));
        await _harness.BlockedAsync();
        for (var i = 1; i <= 6; i++) _harness.Slot.Offer(Record($"{i}"));

        _harness.Slot.Offer(Ephemeral("count 2", "count")).ShouldBe(OfferResult.Accepted);

        _harness.Transport.MakeRoom();
        await _harness.ReadsAsync("count 1", "1", "2", "3", "4", "5", "6", "count 2");
    }

    [Fact]
    public async Task Should_write_to_make_room_when_the_lane_offers_faster_than_it_flushes()
    {
        var results = new OfferResult[100];
        _harness.Lane.Post(new Burst(_harness.Slot, results));

        await _harness.ReadsAsync([.. Enumerable.Range(0, 100).Select(i => $"{i}")]);
        results.ShouldAllBe(result => result == OfferResult.Accepted);
    }

    private sealed class Burst(OutboundSlot slot, OfferResult[] results) : LaneJob
    {
        protected internal override void Run(EgressLane lane)
        {
            for (var i = 0; i < results.Length; i++) results[i] = lane.Offer(slot, Record($"{i}"));
        }
    }
}
