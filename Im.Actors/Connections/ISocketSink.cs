namespace Im.Actors.Connections;

/// <summary>What a socket's reader tells the slot above it.</summary>
public interface ISocketSink
{
    /// <summary>A whole message came in; valid during the call. One call at a time.</summary>
    /// <returns>False: read no more until <see cref="ISocketTransport.ResumeReading"/>, the message itself was taken.</returns>
    bool Receive(ReadOnlySpan<byte> payload, bool binary);

    /// <summary>Any frame counts as a sign of life, control frames too.</summary>
    void Touch();

    /// <summary>The socket is gone. Called once, after the last <see cref="Receive"/>.</summary>
    /// <param name="code">The peer's close code; 1005 for a close frame without one, 1006 for none.</param>
    void SocketClosed(int code);
}
