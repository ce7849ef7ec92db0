using System.ComponentModel.DataAnnotations;
using Im.Actors.Connections;

namespace Im.Node.Configuration;

/// <summary>The listener at <c>/acc</c> and the bounds of each connection.</summary>
internal sealed record WebSocketListenerOptions
{
    /// <summary>The endpoint; fixed, because old clients have it built in.</summary>
    public const string Path = "/acc";

    /// <summary>In jwt mode every client is a new one, and knows that it has to log in.</summary>
    private static readonly TimeSpan JwtLoginTimeout = TimeSpan.FromSeconds(10);

    /// <summary>TCP port; 0 takes a free one.</summary>
    [Range(0, 65535)]
    public int Port { get; init; } = 8089;

    /// <summary>Origins that may connect besides the node's own pages, as <c>https://chat.example.org</c>.</summary>
    public IReadOnlyList<string> AllowedOrigins { get; init; } = [];

    /// <summary>Refuses handshakes without an <c>Origin</c> header, hence every client that is not a browser.</summary>
    public bool RequireOrigin { get; init; }

    /// <summary>The <c>ws://</c> or <c>wss://</c> URL that the page connects to; not set: the page's host on the WebSocket port.</summary>
    public string? PublicUrl { get; init; }

    /// <summary>Sub-protocols that a client may choose from; none: an offer is ignored.</summary>
    public IReadOnlyList<string> SubProtocols { get; init; } = [];

    /// <summary>Connections of this node; also bounded by the open file limit less <see cref="FileLimit.Reserve"/>. The next one gets 503.</summary>
    [Range(1, 10_000_000)]
    public int MaxConnectionsCount { get; init; } = 1_000_000;

    /// <summary>No frame from a level 0 client, or from one not logged in, for so long: closed.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan SilenceTimeout { get; init; } = TimeSpan.FromMinutes(6);

    /// <summary>From connecting until a login, else close 4001; 0 means that only <see cref="SilenceTimeout"/> applies. Not set: 10 s in jwt mode, 0 in guest mode.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan? LoginTimeout { get; init; }

    /// <summary>Logins of one address in a second; above it 1015, then close 4101. 0: no limit, as behind a proxy that is not in KnownProxies.</summary>
    [Range(0, 1_000_000)]
    public int LoginsPerSecondPerAddress { get; init; }

    /// <summary>Connections of one address that have not logged in; the next one is closed with 4101. 0: no limit.</summary>
    [Range(0, 10_000_000)]
    public int UnauthenticatedMaxCountPerAddress { get; init; }

    /// <summary>What a level 2 client is told to send heartbeats at.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>No frame from a level 2 client for so long: close 4103. Longer than <see cref="HeartbeatInterval"/>.</summary>
    [Range(typeof(TimeSpan), "00:00:02", "02:00:00")]
    public TimeSpan HeartbeatTimeout { get; init; } = TimeSpan.FromSeconds(75);

    /// <summary>No byte taken by a socket for so long while frames wait: close 4203.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan WriteTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Largest message a client may send, in bytes; above it close 1009.</summary>
    [Range(1024, 16 * 1024 * 1024)]
    public int MessageMaxBytes { get; init; } = 64 * 1024;

    /// <summary>Largest text of a <c>msg</c>, in bytes of UTF-8; above it reply 1014.</summary>
    [Range(1, 16 * 1024 * 1024)]
    public int TextMaxBytes { get; init; } = 16 * 1024;

    /// <summary>Bytes that wait for one slow reader; more are dropped (level 2) or end the connection with 4203 (level 0).</summary>
    [Range(4 * 1024, 64 * 1024 * 1024)]
    public int OutboundMaxBytes { get; init; } = 256 * 1024;

    /// <summary>Frames that wait for one slow reader; the same rule.</summary>
    [Range(16, 1_000_000)]
    public int OutboundMaxFramesCount { get; init; } = 1024;

    /// <summary>Commands a second of one connection; above it reply 1015.</summary>
    [Range(1, 1_000_000)]
    public int CommandsPerSecond { get; init; } = 1_000;

    /// <summary>Commands of one connection that may come at once before the rate counts.</summary>
    [Range(1, 1_000_000)]
    public int CommandsBurstCount { get; init; } = 2_000;

    /// <summary>The bounds as the connections know them.</summary>
    public ConnectionLimits ToConnectionLimits(AuthMode mode = AuthMode.Guest) => new()
    {
        MessageMaxBytes = MessageMaxBytes,
        TextMaxBytes = TextMaxBytes,
        OutboundMaxBytes = OutboundMaxBytes,
        OutboundMaxFramesCount = OutboundMaxFramesCount,
        WriteTimeoutMs = Milliseconds(WriteTimeout),
        LoginTimeoutMs = Milliseconds(LoginTimeout ?? (mode == AuthMode.Jwt ? JwtLoginTimeout : TimeSpan.Zero)),
        SilenceTimeoutMs = Milliseconds(SilenceTimeout),
        HeartbeatIntervalMs = Milliseconds(HeartbeatInterval),
        HeartbeatTimeoutMs = Milliseconds(HeartbeatTimeout),
        CommandsPerSecond = CommandsPerSecond,
        CommandsBurstCount = CommandsBurstCount,
    };

    /// <summary>How many connections this process can hold: the option, or what its open file limit leaves.</summary>
    public int EffectiveMaxConnectionsCount() => (int)Math.Min(MaxConnectionsCount, Math.Max(1, FileLimit.Current() - FileLimit.Reserve));

    private static int Milliseconds(TimeSpan value) => (int)value.TotalMilliseconds;
}
