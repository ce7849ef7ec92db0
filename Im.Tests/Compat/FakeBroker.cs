using System.Collections.Concurrent;
using Im.Actors.Conversations.Store;
using Im.Actors.Edge;
using Im.Protocol;
using Im.Protocol.Names;

namespace Im.Tests.Compat;

/// <summary>Answers what a test sets and remembers what it was asked.</summary>
internal sealed class FakeBroker : IBroker
{
    private static readonly UserPushResult NobodyThere = new("01MID", false, DeliveryState.Offline, [], TimeSpan.Zero);
    private static readonly FanoutResult SentToNobody = new("01MID", false, ReplyCode.Success, "e1", 1, [], false, TimeSpan.Zero);

    public ConcurrentQueue<UserPush> UserPushes { get; } = [];

    public ConcurrentQueue<ConversationPush> ConversationPushes { get; } = [];

    public ConcurrentQueue<(AppId App, ConversationId? Room)> Listed { get; } = [];

    public ConcurrentQueue<int> StateMaxNames { get; } = [];

    public Func<UserPush, UserPushResult> OnUserPush { get; set; } = static _ => NobodyThere;

    public Func<ConversationPush, FanoutResult> OnConversationPush { get; set; } = static _ => SentToNobody;

    public Func<AppId, UserId, bool?> OnQueryOnline { get; set; } = static (_, _) => false;

    public List<string> Members { get; } = [];

    public int? PageLimit { get; set; }

    public IReadOnlyList<NodeState> Nodes { get; set; } = [];

    public static UserPushResult Pushed(params DeliveryState[] devices) => new(
        "01MID", false, devices.Max(), [.. devices.Select(static state => new DeviceDelivery("c1", "web", "c1", state, null, TimeSpan.Zero))], TimeSpan.Zero);

    public Task<UserPushResult> PushToUserAsync(UserPush push, CancellationToken cancellation)
    {
        UserPushes.Enqueue(push);
        return Task.FromResult(OnUserPush(push));
    }

    public Task<FanoutResult> PushToConversationAsync(ConversationPush push, CancellationToken cancellation)
    {
        ConversationPushes.Enqueue(push);
        return Task.FromResult(OnConversationPush(push));
    }

    public Task<IReadOnlyList<UserPresence>> QueryOnlineAsync(AppId app, IReadOnlyList<UserId> users, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<UserPresence>>([.. users.Select(user => new UserPresence(user, OnQueryOnline(app, user), []))]);

    public Task<UserPage> ListUsersAsync(AppId app, ConversationId? room, int limit, string? after, CancellationToken cancellation)
    {
        Listed.Enqueue((app, room));
        var rest = Members.SkipWhile(member => after is not null && string.CompareOrdinal(member, after) <= 0).ToList();
        var page = rest.Take(Math.Min(limit, PageLimit ?? limit)).ToList();
        return Task.FromResult(new UserPage([.. page.Select(static member => new UserId(member))], Members.Count, page.Count < rest.Count ? page[^1] : null, false));
    }

    public Task<IReadOnlyList<NodeState>> GetStateAsync(int maxNames, CancellationToken cancellation)
    {
        StateMaxNames.Enqueue(maxNames);
        return Task.FromResult(Nodes);
    }

    public Task<DeliveryResult> FindDeliveryAsync(AppId app, string messageId, CancellationToken cancellation) => throw new InvalidOperationException();

    public Task<HistoryPage> ReadHistoryAsync(HistoryQuery query, CancellationToken cancellation) => throw new InvalidOperationException();

    public Task<GroupResult> ChangeGroupAsync(GroupCall call, CancellationToken cancellation) => throw new InvalidOperationException();

    public Task<long> RevokeTokensAsync(AppId app, UserId user, string? tokenId, DateTimeOffset issuedBefore, DateTimeOffset? tokenEnds, CancellationToken cancellation) => throw new InvalidOperationException();

    public Task<FanoutResult> BroadcastAsync(AppPush push, CancellationToken cancellation) => throw new InvalidOperationException();

    public Task<ConnectionList> ListConnectionsAsync(AppId app, UserId user, CancellationToken cancellation) => throw new InvalidOperationException();

    public Task<CloseResult> KickAsync(AppId app, UserId user, IReadOnlyList<string> platforms, string reason, TimeSpan timeout, CancellationToken cancellation) => throw new InvalidOperationException();

    public Task<CloseResult> DisconnectAsync(AppId app, string connectionId, string reason, CancellationToken cancellation) => throw new InvalidOperationException();
}
