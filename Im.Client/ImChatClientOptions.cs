namespace Im.Client;

/// <summary>Options of an <see cref="ImChatClient"/>.</summary>
public sealed record ImChatClientOptions
{
    /// <summary>The WebSocket endpoint, such as <c>ws://127.0.0.1:8089/acc</c>.</summary>
    public required Uri Url { get; init; }

    /// <summary>The application id.</summary>
    public required uint App { get; init; }

    /// <summary>The user of a guest. Not sent when <see cref="TokenProvider"/> is set: then the token says who it is.</summary>
    public string? User { get; init; }

    /// <summary>Gives a token; asked at every connection attempt and when the server says that the token is about to expire.</summary>
    public Func<CancellationToken, ValueTask<string>>? TokenProvider { get; init; }

    /// <summary>Stable id of this installation: 8–64 of <c>[A-Za-z0-9_.:-]</c>. Two clients of one user never share one.</summary>
    public required string Device { get; init; }

    /// <summary>ios, android, web, desktop, mini, bot or server.</summary>
    public string Platform { get; init; } = "desktop";

    /// <summary>Where cursors and unsent commands are kept; memory when null.</summary>
    public IImClientStore? Store { get; init; }

    /// <summary>Durable commands that may wait for an answer, sent or not. One more is refused with <see cref="ImQueueFullException"/>.</summary>
    public int MaxQueuedCount { get; init; } = 1000;

    /// <summary>Durable commands that are on the wire without an answer; the server reads no further than 64.</summary>
    public int MaxUnansweredCount { get; init; } = 64;

    /// <summary>Applied records that the application has not taken. At that number the socket is not read until some are taken.</summary>
    public int MaxUnreadCount { get; init; } = 10_000;

    /// <summary>
    /// False for a client that only sends: records are acknowledged as they come and <see cref="ImChatClient.ReadRecordsAsync"/> has none.
    /// </summary>
    public bool DeliversRecords { get; init; } = true;

    /// <summary>How long a command that is not durable (join, history, …) waits for its answer, reconnects included.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long a connection attempt may take. The first after a lost connection has half of it: behind a load balancer it may come to the node that fell silent, which
    /// accepts and says nothing.
    /// </summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Tells every push as it came, for checkers.</summary>
    internal bool TellsPushes { get; init; }

    /// <summary>The clock; the system's when null.</summary>
    public TimeProvider? TimeProvider { get; init; }
}
