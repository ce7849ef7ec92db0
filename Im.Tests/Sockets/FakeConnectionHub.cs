using System.Collections.Concurrent;
using System.Threading.Channels;
using Im.Actors.Connections;
using Im.Actors.Connections.Streams;

namespace Im.Tests.Sockets;

/// <summary>A hub without actors: real slots on a real lane; what comes in is collected, and answered only with credit.</summary>
internal sealed class FakeConnectionHub : IConnectionHub, IDisposable
{
    private readonly EgressLane _egress;
    private readonly IngressLane _ingress = new();
    private readonly Channel<string> _messages = Channel.CreateUnbounded<string>();
    private readonly ConcurrentQueue<Inbound> _withoutCredit = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _reader;
    private int _reserved;
    private long _number;

    public FakeConnectionHub(TimeProvider time, ConnectionLimits limits)
    {
        Limits = limits;
        Wheel = new TimerWheel(time);
        _egress = new EgressLane(0, Wheel);
        _reader = Task.Run(ReadAsync);
    }

    public TimerWheel Wheel { get; }

    public ConnectionLimits Limits { get; }

    public int Capacity { get; set; } = int.MaxValue;

    /// <summary>False keeps the credit of what comes in, so that sockets run into their bound.</summary>
    public bool GivesCredit { get; set; } = true;

    public bool FailsToOpen { get; set; }

    /// <summary>Reservations that are neither spent and released nor given back.</summary>
    public int ReservedCount => Volatile.Read(ref _reserved);

    public int HeldCount => _withoutCredit.Count;

    /// <summary>Slots in the order of their connections.</summary>
    public ConcurrentQueue<OutboundSlot> Slots { get; } = new();

    /// <summary>Messages as text, then <c>closed CODE</c> for each end.</summary>
    public ChannelReader<string> Messages => _messages.Reader;

    public bool TryReserve()
    {
        if (Interlocked.Increment(ref _reserved) <= Capacity) return true;
        Interlocked.Decrement(ref _reserved);
        return false;
    }

    public void Release() => Interlocked.Decrement(ref _reserved);

    public ConnectionSlot Open(ISocketTransport transport)
    {
        if (FailsToOpen) throw new InvalidOperationException("no slot");
        var slot = new ConnectionSlot(Interlocked.Increment(ref _number), transport, _egress, _ingress, Limits);
        Slots.Enqueue(slot);
        slot.Arm();
        return slot;
    }

    public TSlot OpenBare<TSlot>(Func<EgressLane, ConnectionLimits, TSlot> create)
        where TSlot : OutboundSlot
    {
        var slot = create(_egress, Limits);
        Slots.Enqueue(slot);
        return slot;
    }

    /// <summary>Answers everything that was held.</summary>
    public void GiveHeldCredit()
    {
        GivesCredit = true;
        while (_withoutCredit.TryDequeue(out var inbound)) inbound.Slot.Credit(inbound.Length);
    }

    public void Dispose()
    {
        _stop.Cancel();
        _reader.Wait(TimeSpan.FromSeconds(5));
        _egress.Dispose();
        Wheel.Dispose();
        _stop.Dispose();
    }

    private async Task ReadAsync()
    {
        try
        {
            await foreach (var inbound in _ingress.Reader.ReadAllAsync(_stop.Token)) Take(inbound);
        }
        catch (OperationCanceledException)
        {
            // The end of the test.
        }
    }

    private void Take(Inbound inbound)
    {
        _ingress.Passed();
        if (inbound.Kind == InboundKind.Closed)
        {
            _messages.Writer.TryWrite($"closed {inbound.Slot.ClosedWith}");
            Release();
            return;
        }

        _messages.Writer.TryWrite(System.Text.Encoding.UTF8.GetString(inbound.Buffer, 0, inbound.Length));
        if (GivesCredit) inbound.Slot.Credit(inbound.Length);
        else _withoutCredit.Enqueue(inbound);
    }
}
