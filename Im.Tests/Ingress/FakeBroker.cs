using System.Collections.Concurrent;
using Im.Actors.Conversations;
using Im.Actors.Conversations.Store;
using Im.Actors.Edge;
using Im.Protocol;
using Im.Protocol.Names;

namespace Im.Tests.Ingress;

/// <summary>Records what the API hands over and answers what a spec sets up.</summary>
internal sealed class FakeBroker : IBroker
{
    public ConcurrentQueue<object> Calls { get; } = new();

    public Func<UserPush, CancellationToken, Task<UserPushResult>> OnPushToUser { get; set; } = (push, _) => Task.FromResult(Written(push));

    public Func<ConversationPush, CancellationToken, Task<FanoutResult>> OnPushToConversation { get; set; } = (_, _) => Task.FromResult(Fanout());

    public Func<AppPush, FanoutResult> OnBroadcast { get; set; } = _ => Fanout();

    public Func<string, DeliveryResult> OnFindDelivery { get; set; } = messageId => new DeliveryResult(
        ReplyCode.Success, messageId, "alice", "u:alice", "k1", 7, DeliveryState.Acked, [new DeviceDelivery("device-0001", "", "", DeliveryState.Acked, null, TimeSpan.Zero)]);

    public Func<HistoryQuery, HistoryPage> OnReadHistory { get; set; } = _ => new HistoryPage(ReadOutcome.Found, "k1", 1, 2,
    [
        new StoredRecord(1, "01JD00000000000000000000AC", "alice", "alice", "c1", "text", "hi", """{"n":1.5,"a":[null,true,"马",{}]}""", 1000, ChangedBy: 2),
        new StoredRecord(2, "01JD00000000000000000000AD", "bob", "bob", null, "text", "gone", null, 1001, IsRecalled: true),
    ]);

    public Func<GroupCall, GroupResult> OnChangeGroup { get; set; } = call => new GroupResult(
        ReplyCode.Success, "01JD00000000000000000000AE", "Team", [new ConversationEvents.GroupMember("alice", MemberRole.Owner), new ConversationEvents.GroupMember("bob", MemberRole.Muted)], 3);

    public Func<RevokeCall, long> OnRevoke { get; set; } = _ => 12;

    public Func<UserId, UserPresence> OnQueryOnline { get; set; } = user => new UserPresence(user, true, ["web"]);

    public List<string> Users { get; } = ["alice", "bob", "马远"];

    public List<ConnectionInfo> Connections { get; } = [new("n1-7", "n1", 2, "device-0001", "web", "127.0.0.1:40000", DateTimeOffset.UnixEpoch)];

    public bool Partial { get; set; }

    public T Last<T>() => Calls.OfType<T>().Last();

    public static UserPushResult Written(UserPush push) => new(
        "01JD00000000000000000000AA", false, DeliveryState.Written,
        [new DeviceDelivery("device-0001", "web", "n1-7", DeliveryState.Written, null, TimeSpan.FromMilliseconds(3))],
        TimeSpan.FromMilliseconds(4));

    public static FanoutResult Fanout() => new("01JD00000000000000000000AB", false, ReplyCode.Success, null, 0, [new NodeFanout("n1", 5, 4, 1)], false, TimeSpan.FromMilliseconds(2));

    public Task<UserPushResult> PushToUserAsync(UserPush push, CancellationToken cancellation)
    {
        Calls.Enqueue(push);
        return OnPushToUser(push, cancellation);
    }

    public Task<FanoutResult> PushToConversationAsync(ConversationPush push, CancellationToken cancellation)
    {
        Calls.Enqueue(push);
        return OnPushToConversation(push, cancellation);
    }

    public Task<FanoutResult> BroadcastAsync(AppPush push, CancellationToken cancellation)
    {
        Calls.Enqueue(push);
        return Task.FromResult(OnBroadcast(push));
    }

    public Task<IReadOnlyList<UserPresence>> QueryOnlineAsync(AppId app, IReadOnlyList<UserId> users, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<UserPresence>>([.. users.Select(OnQueryOnline)]);

    public Task<UserPage> ListUsersAsync(AppId app, ConversationId? room, int limit, string? after, CancellationToken cancellation)
    {
        Calls.Enqueue(new ListUsersCall(app, room, limit, after));
        var rest = Users.Where(user => after is null || string.CompareOrdinal(user, after) > 0).ToList();
        var page = rest.Take(limit).ToList();
        return Task.FromResult(new UserPage([.. page.Select(user => new UserId(user))], Users.Count, rest.Count > limit ? page[^1] : null, Partial));
    }

    public Task<ConnectionList> ListConnectionsAsync(AppId app, UserId user, CancellationToken cancellation)
    {
        Calls.Enqueue(new UserCall(app, user));
        return Task.FromResult(new ConnectionList(Connections, Partial));
    }

    public Task<CloseResult> KickAsync(AppId app, UserId user, IReadOnlyList<string> platforms, string reason, TimeSpan timeout, CancellationToken cancellation)
    {
        Calls.Enqueue(new KickCall(app, user, platforms, reason));
        return Task.FromResult(new CloseResult([new ClosedConnection("n1-7", "n1")], Partial));
    }

    public Task<CloseResult> DisconnectAsync(AppId app, string connectionId, string reason, CancellationToken cancellation)
    {
        Calls.Enqueue(new DisconnectCall(app, connectionId, reason));
        return Task.FromResult(new CloseResult([new ClosedConnection(connectionId, "n1")], Partial));
    }

    public Task<IReadOnlyList<NodeState>> GetStateAsync(int maxNames, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<NodeState>>([State(2, 1), State(3, 2), State(100, 100) with { Answered = false }]);

    public Task<DeliveryResult> FindDeliveryAsync(AppId app, string messageId, CancellationToken cancellation) => Task.FromResult(OnFindDelivery(messageId));

    public Task<HistoryPage> ReadHistoryAsync(HistoryQuery query, CancellationToken cancellation)
    {
        Calls.Enqueue(query);
        return Task.FromResult(OnReadHistory(query));
    }

    public Task<GroupResult> ChangeGroupAsync(GroupCall call, CancellationToken cancellation)
    {
        Calls.Enqueue(call);
        return Task.FromResult(OnChangeGroup(call));
    }

    public Task<long> RevokeTokensAsync(AppId app, UserId user, string? tokenId, DateTimeOffset issuedBefore, DateTimeOffset? tokenEnds, CancellationToken cancellation)
    {
        var call = new RevokeCall(app, user, tokenId, issuedBefore, tokenEnds);
        Calls.Enqueue(call);
        return Task.FromResult(OnRevoke(call));
    }

    private static NodeState State(long connections, long sessions) => new(
        "n1", "0.1.0", connections, connections, sessions, sessions, 4, 5, 1, 1, 1, 1, new Dictionary<string, long>(), null);

    internal sealed record ListUsersCall(AppId App, ConversationId? Room, int Limit, string? After);

    internal sealed record RevokeCall(AppId App, UserId User, string? TokenId, DateTimeOffset IssuedBefore, DateTimeOffset? TokenEnds);

    internal sealed record UserCall(AppId App, UserId User);

    internal sealed record KickCall(AppId App, UserId User, IReadOnlyList<string> Platforms, string Reason);

    internal sealed record DisconnectCall(AppId App, string ConnectionId, string Reason);
}
