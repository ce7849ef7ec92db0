using Akka.Actor;
using Akka.Cluster;
using Im.Actors.Connections;
using Im.Actors.Conversations;
using Im.Actors.Conversations.Store;
using Im.Actors.Messages;
using Im.Actors.Relays;
using Im.Actors.Sessions.Revocations;
using Im.Protocol;
using Im.Protocol.Json;
using Im.Protocol.Names;

namespace Im.Actors.Edge;

/// <summary>The edges' way to the actors. The only place that asks; every question ends by its time-out.</summary>
internal sealed class Broker(ActorSystem system, ConnectionServices services, IActorRef publisher, IActorRef collector, OwnerCaller owners, IRevocations revocations) : IBroker
{
    private static readonly TimeSpan NodeTimeout = TimeSpan.FromSeconds(2);

    /// <summary>Users in one question to the nodes, which stays below 64 KiB.</summary>
    private const int OnlineChunkCount = 500;

    private readonly Cluster _cluster = Cluster.Get(system);
    private readonly DeliveryReader _deliveries = new(services.Store, collector);
    private readonly UserKicker _kicker = new(services.Sessions, owners);
    private readonly UserPusher _users = new(services, owners, collector, new DeliveryReader(services.Store, collector));

    public Task<UserPushResult> PushToUserAsync(UserPush push, CancellationToken cancellation) => _users.PushAsync(push, cancellation);

    public Task<DeliveryResult> FindDeliveryAsync(AppId app, string messageId, CancellationToken cancellation) => _deliveries.FindAsync(app, messageId, cancellation);

    public async Task<FanoutResult> PushToConversationAsync(ConversationPush push, CancellationToken cancellation)
    {
        var messageId = services.NewMessageId();
        var pending = Expect(messageId, push.Timeout);
        var post = new ConversationCommands.Post(
            new ConversationKey(push.App, push.Conversation), 0, messageId, push.Sender, push.From, push.Cmd, push.Seq, push.Type, push.Text, push.Ext,
            push.IdempotencyKey ?? (push.Numbered ? messageId : null), push.Numbered, null, push.ExcludeUser, ActorRefs.Nobody, collector)
        {
            IsFromServer = true,
            TimeToLive = push.TimeToLive,
        };
        var answer = await owners.AskAsync(services.Conversations, (reference, tag) => post with { ReplyTo = reference, Tag = tag }, hasCid: push.Numbered, push.Timeout, cancellation).ConfigureAwait(false);
        if (answer is not ConversationEvents.Posted posted)
        {
            var code = ((ConversationEvents.PostRefused)answer).Code;
            var isUnobserved = code == ReplyCode.OutcomeUnknown && !push.Numbered;
            return new FanoutResult(messageId, false, isUnobserved ? ReplyCode.Success : code, null, 0, [], isUnobserved, pending.Took);
        }

        var epoch = push.Numbered ? posted.Epoch : null;
        if (posted.MessageId != messageId) return new FanoutResult(posted.MessageId, true, ReplyCode.Success, epoch, posted.Mseq, [], false, pending.Took);
        var (nodes, partial) = await pending.Task.WaitAsync(cancellation).ConfigureAwait(false);
        return new FanoutResult(messageId, false, ReplyCode.Success, epoch, posted.Mseq, nodes, partial, pending.Took);
    }

    public async Task<FanoutResult> BroadcastAsync(AppPush push, CancellationToken cancellation)
    {
        var messageId = services.NewMessageId();
        var pending = Expect(messageId, push.Timeout);
        var content = new PushContent(messageId, CommandNames.Message, push.Type, push.Text, push.From, null, null, 0, null, push.Ext, services.NowMs);
        var frames = new PushFrames(new Frame(PushWriter.Level0(content), FrameKind.Ephemeral), new Frame(PushWriter.Level2(content), FrameKind.Ephemeral));
        publisher.Tell(new ConversationEnvelope(
            Topics.AppChannel(push.App), EnvelopeKind.AppBroadcast, "", 0, 0, "", 0, frames, content.TimestampMs, messageId, ReportTo: collector, Platforms: push.Platforms));
        var (nodes, partial) = await pending.Task.WaitAsync(cancellation).ConfigureAwait(false);
        return new FanoutResult(messageId, false, ReplyCode.Success, null, 0, nodes, partial, pending.Took);
    }

    public async Task<HistoryPage> ReadHistoryAsync(HistoryQuery query, CancellationToken cancellation)
    {
        var page = await services.Store.ReadAsync(query, cancellation).ConfigureAwait(false);
        var isNew = page.Outcome == ReadOutcome.NoConversation && query.Conversation.Conversation.Kind != ConversationKind.Group;
        return isNew ? new HistoryPage(ReadOutcome.Found, services.Store.Generation, 1, 0, []) : page;
    }

    public async Task<GroupResult> ChangeGroupAsync(GroupCall call, CancellationToken cancellation)
    {
        var messageId = services.NewMessageId();
        var command = new ConversationCommands.Group(
            new ConversationKey(call.App, call.Group), 0, messageId, call.Sender, call.By, call.IdempotencyKey ?? messageId, call.Change, null, IsFromServer: true, ActorRefs.Nobody);
        var answer = await owners.AskAsync(services.Conversations, (reference, tag) => command with { ReplyTo = reference, Tag = tag }, hasCid: true, call.Timeout, cancellation).ConfigureAwait(false);
        return answer is ConversationEvents.GroupAnswered answered
            ? new GroupResult(ReplyCode.Success, messageId, answered.Name, answered.Members, answered.Mseq)
            : new GroupResult(((ConversationEvents.PostRefused)answer).Code, messageId, "", [], 0);
    }

    public async Task<long> RevokeTokensAsync(AppId app, UserId user, string? tokenId, DateTimeOffset issuedBefore, DateTimeOffset? tokenEnds, CancellationToken cancellation)
    {
        var revoked = tokenId is null ? revocations.RevokeUserAsync(app, user, issuedBefore, cancellation) : revocations.RevokeTokenAsync(app, tokenId, tokenEnds, cancellation);
        return (await revoked.ConfigureAwait(false)).Number;
    }

    public async Task<IReadOnlyList<UserPresence>> QueryOnlineAsync(AppId app, IReadOnlyList<UserId> users, CancellationToken cancellation)
    {
        var found = new List<UserPresence>();
        foreach (var some in users.Chunk(OnlineChunkCount))
        {
            var answers = await AskNodesAsync<NodeAnswers.Online>(new NodeQueries.GetOnline(app, some), cancellation).ConfigureAwait(false);
            var partial = answers.Contains(null);
            found.AddRange(some.Select(user => Presence(user, answers, partial)));
        }

        return found;
    }

    public async Task<UserPage> ListUsersAsync(AppId app, ConversationId? room, int limit, string? after, CancellationToken cancellation)
    {
        var answers = await Task.WhenAll(Nodes().Select(member => NamesAsync(member.Address, app, room, cancellation))).ConfigureAwait(false);
        var names = answers.SelectMany(answer => answer.Names).Distinct(StringComparer.Ordinal).ToList();
        names.Sort(StringComparer.Ordinal);
        var start = after is null ? 0 : names.FindIndex(name => string.CompareOrdinal(name, after) > 0);
        var page = start < 0 ? [] : names.Skip(start).Take(limit).Select(name => new UserId(name)).ToList();
        var more = start >= 0 && start + page.Count < names.Count;
        return new UserPage(page, names.Count, more ? page[^1].Value : null, !Array.TrueForAll(answers, answer => answer.IsWhole));
    }

    public async Task<ConnectionList> ListConnectionsAsync(AppId app, UserId user, CancellationToken cancellation)
    {
        var answers = await Task.WhenAll(Nodes().Select(member => ConnectionsAsync(member.Address, new UserKey(app, user), cancellation))).ConfigureAwait(false);
        return new ConnectionList([.. answers.SelectMany(answer => answer.Infos)], !Array.TrueForAll(answers, answer => answer.IsWhole));
    }

    public Task<CloseResult> KickAsync(AppId app, UserId user, IReadOnlyList<string> platforms, string reason, TimeSpan timeout, CancellationToken cancellation) =>
        _kicker.KickAsync(app, user, platforms, reason, timeout, cancellation);

    public async Task<CloseResult> DisconnectAsync(AppId app, string connectionId, string reason, CancellationToken cancellation)
    {
        var answers = await AskNodesAsync<NodeAnswers.Disconnected>(new NodeQueries.Disconnect(app, connectionId, reason), cancellation).ConfigureAwait(false);
        var closed = answers.OfType<NodeAnswers.Disconnected>().Select(answer => answer.ConnectionId).OfType<string>().ToArray();
        return new CloseResult(Array.ConvertAll(closed, ClosedConnection.Of), closed.Length == 0 && answers.Contains(null));
    }

    public async Task<IReadOnlyList<NodeState>> GetStateAsync(int maxNames, CancellationToken cancellation)
    {
        var answers = await AskNodesAsync<NodeAnswers.State>(new NodeQueries.GetState(maxNames), cancellation).ConfigureAwait(false);
        return [.. answers.OfType<NodeAnswers.State>().Select(answer => answer.Node)];
    }

    /// <summary>All pages of one node.</summary>
    /// <returns><c>IsWhole</c> is false when it did not answer for all of them in time.</returns>
    private async Task<(List<string> Names, bool IsWhole)> NamesAsync(Address node, AppId app, ConversationId? room, CancellationToken cancellation)
    {
        var names = new List<string>();
        var query = new NodeQueries.GetUsers(app, room);
        while (true)
        {
            var page = await AskNodeAsync<NodeAnswers.Users>(node, query, cancellation).ConfigureAwait(false);
            if (page is null) return (names, false);
            names.AddRange(page.Names);
            if (!page.More) return (names, true);
            query = query with { After = page.Names[^1] };
        }
    }

    /// <inheritdoc cref="NamesAsync"/>
    private async Task<(List<ConnectionInfo> Infos, bool IsWhole)> ConnectionsAsync(Address node, UserKey user, CancellationToken cancellation)
    {
        var infos = new List<ConnectionInfo>();
        var query = new NodeQueries.GetConnections(user);
        while (true)
        {
            var page = await AskNodeAsync<NodeAnswers.Connections>(node, query, cancellation).ConfigureAwait(false);
            if (page is null) return (infos, false);
            infos.AddRange(page.Infos);
            if (!page.More) return (infos, true);
            query = query with { After = page.Infos[^1].ConnectionId };
        }
    }

    private static UserPresence Presence(UserId user, IReadOnlyList<NodeAnswers.Online?> answers, bool partial)
    {
        var platforms = new List<string>();
        var online = false;
        foreach (var answer in answers)
        {
            if (answer is null || !answer.Platforms.TryGetValue(user.Value, out var there)) continue;
            online = true;
            platforms.AddRange(there.Except(platforms));
        }

        return new UserPresence(user, online ? true : partial ? null : false, platforms);
    }

    private PendingFanout Expect(string messageId, TimeSpan timeout)
    {
        var pending = new PendingFanout(messageId, Nodes().Count, services.Time, timeout);
        collector.Tell(new PushCollectorActor.ExpectFanout(pending));
        return pending;
    }

    private List<Member> Nodes() => [.. _cluster.State.Members.Where(member => member.Status is MemberStatus.Up or MemberStatus.Leaving)];

    /// <summary>Asks every node at once; null stands for one that did not answer in time.</summary>
    private async Task<IReadOnlyList<T?>> AskNodesAsync<T>(object query, CancellationToken cancellation)
        where T : class
    {
        var asks = Nodes().Select(member => AskNodeAsync<T>(member.Address, query, cancellation));
        return await Task.WhenAll(asks).ConfigureAwait(false);
    }

    private async Task<T?> AskNodeAsync<T>(Address address, object query, CancellationToken cancellation)
        where T : class
    {
        var node = system.ActorSelection(new RootActorPath(address) / "user" / NodeActor.Name);
        try
        {
            return await node.Ask<T>(query, NodeTimeout, cancellation).ConfigureAwait(false);
        }
        catch (AskTimeoutException)
        {
            return null;
        }
    }
}
