namespace Im.Actors.Connections;

/// <summary>Bounds of one connection, shared by all; made from the options once.</summary>
public sealed record ConnectionLimits
{
    /// <summary>Largest WebSocket message a client may send; above it close 1009.</summary>
    public int MessageMaxBytes { get; init; } = 64 * 1024;

    /// <summary>Largest <c>msg</c> text in bytes of UTF-8; above it reply 1014.</summary>
    public int TextMaxBytes { get; init; } = 16 * 1024;

    /// <summary>Commands of one connection not yet answered; at the bound the socket is not read.</summary>
    public int UnansweredMaxCount { get; init; } = 64;

    /// <summary>Bytes of those commands; at the bound the socket is not read.</summary>
    public int UnansweredMaxBytes { get; init; } = 256 * 1024;

    /// <summary>Frames that wait for a slow reader.</summary>
    public int OutboundMaxFramesCount { get; init; } = 1024;

    /// <summary>Bytes that wait for a slow reader.</summary>
    public int OutboundMaxBytes { get; init; } = 256 * 1024;

    /// <summary>No byte accepted by a socket for so long: close 4203.</summary>
    public int WriteTimeoutMs { get; init; } = 30_000;

    /// <summary>From the begin of a close until the socket is reset.</summary>
    public int CloseTimeoutMs { get; init; } = 2_000;

    /// <summary>After the close frame of a protocol error has left: so long the socket stays, or the reset eats the close code.</summary>
    public int LingerMs { get; init; } = 150;

    /// <summary>From connecting until a login; 0 means that only the silence time-out applies.</summary>
    public int LoginTimeoutMs { get; init; }

    /// <summary>No frame from a level 0 client, or from one that has not logged in, for so long: close 1000.</summary>
    public int SilenceTimeoutMs { get; init; } = 360_000;

    /// <summary>What a level 2 client is told to send heartbeats at.</summary>
    public int HeartbeatIntervalMs { get; init; } = 30_000;

    /// <summary>No frame from a level 2 client for so long: close 4103.</summary>
    public int HeartbeatTimeoutMs { get; init; } = 75_000;

    /// <summary>Commands a second of one connection, refilled steadily; above it reply 1015.</summary>
    public int CommandsPerSecond { get; init; } = 1_000;

    /// <summary>Commands that may come at once before the rate counts.</summary>
    public int CommandsBurstCount { get; init; } = 2_000;

    /// <summary>Rooms one connection may be in; above it reply 1009.</summary>
    public int RoomsMaxCount { get; init; } = 100;
}
