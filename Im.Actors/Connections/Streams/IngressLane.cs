using System.Buffers;
using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Im.Actors.Connections.Streams;

/// <summary>
/// The way in for a share of the node's sockets: a bounded channel in front of one materialised graph
/// (<see cref="InboundFlow"/>) that lives as long as the node. A full lane pushes back on all its sockets.
/// </summary>
/// <remarks>
/// Bound: <see cref="Capacity"/> messages are waited for by pausing sockets; every socket may have one more on its way
/// in, and an end of a connection always passes, so the channel itself is unbounded and the count is what is bounded.
/// </remarks>
internal sealed class IngressLane
{
    public const int Capacity = 8192;

    private readonly Channel<Inbound> _channel = Channel.CreateUnbounded<Inbound>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ConcurrentQueue<ConnectionSlot> _waiting = new();
    private int _count;

    /// <summary>Messages that wait in front of the graph or are in it.</summary>
    public int Depth => Volatile.Read(ref _count);

    public ChannelReader<Inbound> Reader => _channel.Reader;

    public bool IsFull => Volatile.Read(ref _count) >= Capacity;

    /// <summary>Takes the message; false when the lane is full now and the socket is to pause.</summary>
    public bool Post(ConnectionSlot slot, ReadOnlySpan<byte> payload, bool binary)
    {
        var buffer = payload.Length == 0 ? [] : ArrayPool<byte>.Shared.Rent(payload.Length);
        payload.CopyTo(buffer);
        var count = Interlocked.Increment(ref _count);
        _channel.Writer.TryWrite(new Inbound(slot, buffer, payload.Length, binary ? InboundKind.Binary : InboundKind.Text));
        return count < Capacity;
    }

    public void PostClosed(ConnectionSlot slot)
    {
        Interlocked.Increment(ref _count);
        _channel.Writer.TryWrite(new Inbound(slot, [], 0, InboundKind.Closed));
    }

    /// <summary>The socket is told when half of the lane is free again.</summary>
    public void WaitForRoom(ConnectionSlot slot) => _waiting.Enqueue(slot);

    /// <summary>An element has passed the graph.</summary>
    public void Passed()
    {
        if (Interlocked.Decrement(ref _count) > Capacity / 2 || _waiting.IsEmpty) return;
        while (_waiting.TryDequeue(out var slot)) slot.LaneHasRoom();
    }
}
