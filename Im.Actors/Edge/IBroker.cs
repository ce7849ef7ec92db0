using Im.Protocol.Names;

namespace Im.Actors.Edge;

/// <summary>
/// What the edges (gRPC, HTTP, the seed's API) may ask of the actors: the only place where an answer is awaited. Every
/// method ends within its time-out; a node that did not answer is said, never guessed.
/// </summary>
public interface IBroker
{
    /// <summary>Pushes to one user's devices. A time-out is no error: the result carries what was observed.</summary>
    Task<UserPushResult> PushToUserAsync(UserPush push, CancellationToken cancellation);

    /// <summary>Pushes to everyone in a room; the result counts per node.</summary>
    Task<FanoutResult> PushToConversationAsync(ConversationPush push, CancellationToken cancellation);

    /// <summary>Pushes to every logged-in connection of an app; the result counts per node.</summary>
    Task<FanoutResult> BroadcastAsync(AppPush push, CancellationToken cancellation);

    /// <summary>Who of these users is online.</summary>
    Task<IReadOnlyList<UserPresence>> QueryOnlineAsync(AppId app, IReadOnlyList<UserId> users, CancellationToken cancellation);

    /// <summary>Logged-in users of an app, or the members of one of its rooms, ordered by ordinal.</summary>
    /// <param name="after">Only users ordered after this one; null from the start.</param>
    Task<UserPage> ListUsersAsync(AppId app, ConversationId? room, int limit, string? after, CancellationToken cancellation);

    Task<ConnectionList> ListConnectionsAsync(AppId app, UserId user, CancellationToken cancellation);

    /// <summary>Closes a user's connections (all, or those of the given platforms) with 4005 after a <c>kicked</c> push.</summary>
    Task<CloseResult> KickAsync(AppId app, UserId user, IReadOnlyList<string> platforms, string reason, CancellationToken cancellation);

    /// <summary>Closes one connection with 4005.</summary>
    Task<CloseResult> DisconnectAsync(AppId app, string connectionId, string reason, CancellationToken cancellation);

    /// <summary>Counts of every node; with names when asked, at most <paramref name="maxNames"/> of each kind per node.</summary>
    Task<IReadOnlyList<NodeState>> GetStateAsync(int maxNames, CancellationToken cancellation);
}

/// <summary>What the sender of a push waits for.</summary>
public enum WaitFor
{
    Stored,
    Written,
    Acked,
}

/// <summary>What was observed of a push on one device.</summary>
public enum DeliveryState
{
    /// <summary>The node that holds the user did not answer in time.</summary>
    Unknown,
    Offline,

    /// <summary>Handed to the connection; its socket has not taken it yet.</summary>
    Pending,
    Failed,
    Stored,

    /// <summary>The kernel took the frame's last byte.</summary>
    Written,
    Acked,
}

/// <param name="Cmd">The push's command, <c>msg</c> unless the seed's gRPC names another.</param>
/// <param name="Seq">The push's seq as the seed's callers choose it; null takes the message id.</param>
/// <param name="Ext">A JSON object as text, or null.</param>
/// <param name="Platforms">Only devices of these platforms; empty means all.</param>
/// <param name="IdempotencyKey">1–64 characters: the same key to the same user again is answered <c>Duplicate</c> and not sent; null for none.</param>
public sealed record UserPush(
    AppId App,
    UserId User,
    string From,
    string Type,
    string Text,
    string? Ext,
    IReadOnlyList<string> Platforms,
    string? IdempotencyKey,
    WaitFor WaitFor,
    TimeSpan Timeout,
    string Cmd = "msg",
    string? Seq = null);

public sealed record UserPushResult(string MessageId, bool Duplicate, DeliveryState State, IReadOnlyList<DeviceDelivery> Devices, TimeSpan Took);

/// <param name="Device">The device's id, or the connection's for a level 0 client.</param>
/// <param name="Why">For PENDING and FAILED: <c>slow</c>, <c>closed</c>, <c>timeout</c>.</param>
public sealed record DeviceDelivery(string Device, string Platform, string ConnectionId, DeliveryState State, string? Why, TimeSpan Took);

/// <param name="ExcludeUser">Gets none of it: the user that the seed's sendMessageAll names as sender.</param>
/// <param name="Numbered">True for the seed's group messages: the record takes an mseq. False: ephemeral.</param>
public sealed record ConversationPush(
    AppId App,
    ConversationId Conversation,
    string From,
    string Type,
    string Text,
    string? Ext,
    string? IdempotencyKey,
    TimeSpan Timeout,
    bool Numbered = false,
    UserId? ExcludeUser = null,
    string Cmd = "msg",
    string? Seq = null);

public sealed record AppPush(AppId App, string From, string Type, string Text, string? Ext, IReadOnlyList<string> Platforms, TimeSpan Timeout);

/// <param name="Overloaded">True: nothing was sent, try later.</param>
/// <param name="Partial">True: at least one node did not answer in time; its counts are missing.</param>
/// <param name="Mseq">The record's number, 0 for an ephemeral push.</param>
public sealed record FanoutResult(string MessageId, bool Duplicate, bool Overloaded, string? Epoch, long Mseq, IReadOnlyList<NodeFanout> Nodes, bool Partial, TimeSpan Took);

/// <param name="Members">Connections on the node that the push was for.</param>
/// <param name="Queued">Of those, connections whose outbound slot took the frame.</param>
/// <param name="Dropped">Of those, connections too slow to take it.</param>
public sealed record NodeFanout(string Node, int Members, int Queued, int Dropped);

/// <param name="Online">Null: unknown, the node that would know did not answer.</param>
public sealed record UserPresence(UserId User, bool? Online, IReadOnlyList<string> Platforms);

public sealed record UserPage(IReadOnlyList<UserId> Users, long Total, string? Next, bool Partial);

public sealed record ConnectionList(IReadOnlyList<ConnectionInfo> Connections, bool Partial);

public sealed record ConnectionInfo(string ConnectionId, string Node, int Level, string? Device, string Platform, string RemoteAddress, DateTimeOffset LoggedInAt);

/// <param name="Closed">The connections that were told to close, and on which node.</param>
public sealed record CloseResult(IReadOnlyList<ClosedConnection> Closed, bool Partial);

public sealed record ClosedConnection(string ConnectionId, string Node);

/// <param name="Names">Null unless asked for.</param>
public sealed record NodeState(
    string Node,
    string Version,
    long Connections,
    long LoggedIn,
    long Users,
    long Sessions,
    long Conversations,
    long Actors,
    int Threads,
    long HeapBytes,
    long RssBytes,
    int ProcessorCount,
    IReadOnlyDictionary<string, long> UsersByApp,
    NodeNames? Names,
    bool Answered = true);

/// <param name="Clients">Remote addresses, <c>ip:port</c>.</param>
/// <param name="Users">As <c>101_alice</c>.</param>
public sealed record NodeNames(IReadOnlyList<string> Clients, IReadOnlyList<string> Users, bool Truncated);
