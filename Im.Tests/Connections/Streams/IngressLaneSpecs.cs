using Im.Actors.Connections;
using Im.Actors.Connections.Streams;
using Im.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Im.Tests.Connections.Streams;

public sealed class IngressLaneSpecs : IDisposable
{
    private readonly TimerWheel _wheel = new(new FakeTimeProvider());
    private readonly EgressLane _egress;
    private readonly IngressLane _lane = new();
    private readonly MemoryTransport _transport = new();
    private readonly ConnectionSlot _slot;

    public IngressLaneSpecs()
    {
        _egress = new EgressLane(0, _wheel);
        _slot = Slot(_transport, new ConnectionLimits());
    }

    public void Dispose()
    {
        _egress.Dispose();
        _wheel.Dispose();
    }

    [Fact]
    public void Should_pause_a_socket_when_the_lane_is_full_and_wake_it_when_half_is_free()
    {
        Fill();

        _slot.Receive("{}"u8, binary: false).ShouldBeFalse();
        Pass(IngressLane.Capacity / 2);
        _transport.ResumesCount.ShouldBe(0);
        Pass(2);

        _transport.ResumesCount.ShouldBe(1);
    }

    [Fact]
    public void Should_wake_a_socket_when_its_credit_came_back_while_the_lane_was_full()
    {
        for (var i = 0; i < 64; i++) _slot.Receive("{}"u8, binary: false);
        Fill();
        for (var i = 0; i < 64; i++) _slot.Credit(2);
        _transport.ResumesCount.ShouldBe(0);

        Pass(IngressLane.Capacity);

        _transport.ResumesCount.ShouldBe(1);
    }

    [Fact]
    public void Should_not_wake_a_socket_without_credit_when_the_lane_has_room()
    {
        Fill();
        for (var i = 0; i < 64; i++) _slot.Receive("{}"u8, binary: false);

        Pass(IngressLane.Capacity);
        _transport.ResumesCount.ShouldBe(0);
        _slot.Credit(2);

        _transport.ResumesCount.ShouldBe(1);
    }

    private void Fill()
    {
        var other = Slot(new MemoryTransport(), new ConnectionLimits { UnansweredMaxCount = int.MaxValue, UnansweredMaxBytes = int.MaxValue });
        while (!_lane.IsFull) other.Receive("{}"u8, binary: false);
    }

    private void Pass(int count)
    {
        for (var i = 0; i < count; i++) _lane.Passed();
    }

    private ConnectionSlot Slot(MemoryTransport transport, ConnectionLimits limits)
    {
        var slot = new ConnectionSlot(1, transport, _egress, _lane, limits);
        transport.Slot = slot;
        return slot;
    }
}
