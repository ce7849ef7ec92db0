namespace Im.Cli.Bench.Wire;

/// <summary>What is said over the WebSocket: ours at level 0 or 2, or SignalR's JSON hub protocol. Writers return the bytes written into a buffer of at least 64 KiB.</summary>
internal interface IWire
{
    string Name { get; }

    /// <summary>A connection that says nothing is told <see cref="KeepAlive"/> once in this time.</summary>
    TimeSpan KeepAliveInterval { get; }

    int Login(Span<byte> target, int user);

    /// <param name="user">Who joins: not every wire has one room for all.</param>
    int Join(Span<byte> target, int user);

    int Verify(Span<byte> target);

    int KeepAlive(Span<byte> target);

    /// <param name="sizeBytes">Length of the text, at least <see cref="Marker.Length"/>.</param>
    int Broadcast(Span<byte> target, int number, long sentAt, int sizeBytes);

    /// <summary>Reads the first record of a WebSocket message and returns its length, which is at least 1.</summary>
    int Read(ReadOnlySpan<byte> message, out WireMessage read);
}
