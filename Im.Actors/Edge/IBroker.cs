using Im.Actors.Conversations.Store;
using Im.Protocol.Names;

namespace Im.Actors.Edge;

/// <summary>
/// What the edges (gRPC, HTTP, the seed's API) may ask of the actors: the only place where an answer is awaited. Every
/// method ends within its time-out; a node that did not answer is said, never guessed.
/// </summary>
public interface IBroker
{
    /// <summary>
    /// Pushes to one user's devices, by way of the inbox when it is to be stored. A time-out is no error once that is so: the
    /// result carries what was observed.
    /// </summary>
    Task<UserPushResult> PushToUserAsync(UserPush push, CancellationToken cancellation);

    /// <summary>Pushes to everyone in a room or group; the result counts per node.</summary>
    Task<FanoutResult> PushToConversationAsync(ConversationPush push, CancellationToken cancellation);

    /// <summary>Pushes to every logged-in connection of an app; the result counts per node.</summary>
    Task<FanoutResult> BroadcastAsync(AppPush push, CancellationToken cancellation);

    /// <summary>What is known of a stored push to a user; NoData when there is none, or none any more.</summary>
    Task<DeliveryResult> FindDeliveryAsync(AppId app, string messageId, CancellationToken cancellation);

    /// <summary>A page of a conversation. A room, inbox or one to one that nobody has written to is empty, not missing.</summary>
    Task<HistoryPage> ReadHistoryAsync(HistoryQuery query, CancellationToken cancellation);

    /// <summary>Makes, changes or shows a group, whatever the role of the one it is shown from.</summary>
    Task<GroupResult> ChangeGroupAsync(GroupCall call, CancellationToken cancellation);

    /// <summary>Takes tokens back; answers the revocation's number once it is stored.</summary>
    /// <param name="tokenId">Only the token with this id; null for all of the user's that were issued before a time.</param>
    /// <param name="tokenEnds">When that token ends by itself; null when nobody knows.</param>
    /// <exception cref="StoreUnavailableException">It is not stored, or that is not known; it may be tried again.</exception>
    Task<long> RevokeTokensAsync(AppId app, UserId user, string? tokenId, DateTimeOffset issuedBefore, DateTimeOffset? tokenEnds, CancellationToken cancellation);

    /// <summary>Who of these users is online.</summary>
    Task<IReadOnlyList<UserPresence>> QueryOnlineAsync(AppId app, IReadOnlyList<UserId> users, CancellationToken cancellation);

    /// <summary>Logged-in users of an app, or the members of one of its rooms, ordered by ordinal.</summary>
    /// <param name="after">Only users ordered after this one; null from the start.</param>
    Task<UserPage> ListUsersAsync(AppId app, ConversationId? room, int limit, string? after, CancellationToken cancellation);

    Task<ConnectionList> ListConnectionsAsync(AppId app, UserId user, CancellationToken cancellation);

    /// <summary>Closes a user's connections (all, or those of the given platforms) with 4005 after a <c>kicked</c> push. The session is asked until it answers or the time is up.</summary>
    Task<CloseResult> KickAsync(AppId app, UserId user, IReadOnlyList<string> platforms, string reason, TimeSpan timeout, CancellationToken cancellation);

    /// <summary>Closes one connection with 4005.</summary>
    Task<CloseResult> DisconnectAsync(AppId app, string connectionId, string reason, CancellationToken cancellation);

    /// <summary>Counts of every node; with names when asked, at most <paramref name="maxNames"/> of each kind per node.</summary>
    Task<IReadOnlyList<NodeState>> GetStateAsync(int maxNames, CancellationToken cancellation);
}

/// <param name="Online">Null: unknown, the node that would know did not answer.</param>
public sealed record UserPresence(UserId User, bool? Online, IReadOnlyList<string> Platforms);

public sealed record UserPage(IReadOnlyList<UserId> Users, long Total, string? Next, bool Partial);

public sealed record ConnectionList(IReadOnlyList<ConnectionInfo> Connections, bool Partial);

public sealed record ConnectionInfo(string ConnectionId, string Node, int Level, string? Device, string Platform, string RemoteAddress, DateTimeOffset LoggedInAt);

/// <param name="Closed">The connections that were told to close, and on which node.</param>
/// <param name="Partial">There may be more: that are still open where nothing answered, or closed by an attempt whose answer was lost.</param>
public sealed record CloseResult(IReadOnlyList<ClosedConnection> Closed, bool Partial);

public sealed record ClosedConnection(string ConnectionId, string Node)
{
    /// <summary>A connection's id begins with its node.</summary>
    public static ClosedConnection Of(string connectionId) => new(connectionId, connectionId[..connectionId.LastIndexOf('-')]);
}

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
