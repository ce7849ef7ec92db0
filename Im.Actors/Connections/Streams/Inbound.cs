namespace Im.Actors.Connections.Streams;

internal enum InboundKind : byte
{
    Text,
    Binary,

    /// <summary>The socket is gone; the last element of a connection.</summary>
    Closed,
}

/// <summary>A message as it came from a socket, on its way through the lane.</summary>
/// <param name="buffer">Rented; goes back to the pool when the message has been decoded.</param>
internal sealed class Inbound(ConnectionSlot slot, byte[] buffer, int length, InboundKind kind)
{
    public ConnectionSlot Slot { get; } = slot;

    public byte[] Buffer { get; } = buffer;

    public int Length { get; } = length;

    public InboundKind Kind { get; } = kind;

    public ReadOnlySpan<byte> Payload => Buffer.AsSpan(0, Length);

    /// <summary>What the ConnectionActor is told; set by the decoder, perhaps changed by the steps after it.</summary>
    public ConnectionInput? Input { get; set; }
}
