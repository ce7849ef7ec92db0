using System.Net;

namespace Im.Actors.Connections;

/// <summary>
/// The seam between a socket and the flow above it. The listener implements it over a real socket; tests drive the
/// flow from memory. Each member says who may call it.
/// </summary>
public interface ISocketTransport
{
    /// <summary>Address of the peer, after a known proxy's word on it.</summary>
    IPEndPoint RemoteEndPoint { get; }

    /// <summary>
    /// Hands bytes to the kernel without waiting. Called by the connection's egress lane alone, never while a
    /// <see cref="Write"/> is under way.
    /// </summary>
    /// <returns>How many bytes the kernel took (0 when it is full), or -1 when the socket is broken.</returns>
    int TryWrite(ReadOnlySpan<byte> bytes);

    /// <summary>
    /// Hands bytes to the kernel as soon as it has room, then calls <see cref="OutboundSlot.WriteCompleted"/> once, from
    /// any thread. At most one is under way. Called after <see cref="TryWrite"/> took less than it was given.
    /// </summary>
    void Write(ReadOnlyMemory<byte> chunk);

    /// <summary>Reads on after the slot had asked for a pause. Callable from any thread. Comes once for each pause, and may come
    /// before <see cref="ConnectionSlot.Receive"/> has returned the false that asks for it.</summary>
    void ResumeReading();

    /// <summary>
    /// The close frame has left: stop sending, wait for the peer's close frame or end within the linger, then release
    /// the socket. Called once, by the egress lane.
    /// </summary>
    void CloseSent();

    /// <summary>Resets the socket now. Callable from any thread, any number of times.</summary>
    void Abort();
}
