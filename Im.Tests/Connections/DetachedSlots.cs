using Im.Actors.Connections;
using Im.Actors.Connections.Streams;
using Im.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Im.Tests.Connections;

/// <summary>Connection slots without actors, on a lane of their own, for tables that only hold them.</summary>
internal sealed class DetachedSlots : IDisposable
{
    private readonly TimerWheel _wheel = new(new FakeTimeProvider());
    private readonly EgressLane _egress;
    private readonly IngressLane _ingress = new();
    private long _number;

    public DetachedSlots() => _egress = new EgressLane(0, _wheel);

    public ConnectionSlot[] Make(int count) => [.. Enumerable.Range(0, count).Select(_ => Make(++_number))];

    public ConnectionSlot Make(long number)
    {
        var transport = new MemoryTransport();
        var slot = new ConnectionSlot(number, transport, _egress, _ingress, new ConnectionLimits());
        transport.Slot = slot;
        return slot;
    }

    public void Dispose()
    {
        _egress.Dispose();
        _wheel.Dispose();
    }
}
