using Im.Actors.Connections.Draining;
using Shouldly;
using Xunit;

namespace Im.Tests.Connections.Draining;

public sealed class DrainSlotsSpecs
{
    [Theory]
    [InlineData(2_000, 10, 500, 4, 500)]     // by the rate
    [InlineData(10_000, 10, 500, 10, 1_000)] // faster, to be done in time
    [InlineData(1_000_000, 15, 500, 15, 66_667)]
    [InlineData(10, 10, 500, 1, 500)]
    [InlineData(10, 10, 1, 10, 1)]
    [InlineData(30, 2, 10, 4, 8)]
    [InlineData(5, 0, 500, 1, 5)]
    public void Should_let_go_at_the_rate_or_faster_when_it_would_not_be_done_in_time(int connections, int seconds, int perSecond, int count, int perSlot)
    {
        var slots = new DrainSlots(connections, new DrainPace(TimeSpan.FromSeconds(seconds), perSecond));

        (slots.Count, slots.PerSlot).ShouldBe((count, perSlot));
        slots.EndOf(slots.Count - 1).ShouldBeLessThanOrEqualTo(TimeSpan.FromSeconds(seconds));
    }

    [Fact]
    public void Should_have_no_slot_when_there_is_nobody() => new DrainSlots(0, new DrainPace(TimeSpan.FromSeconds(10), 500)).Count.ShouldBe(0);

    [Fact]
    public void Should_follow_each_other_without_a_gap()
    {
        var slots = new DrainSlots(2_000, new DrainPace(TimeSpan.FromSeconds(2), 500));

        slots.Length.ShouldBe(TimeSpan.FromSeconds(0.5));
        for (var i = 1; i < slots.Count; i++) slots.BeginOf(i).ShouldBe(slots.EndOf(i - 1));
    }
}
