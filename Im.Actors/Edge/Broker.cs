using Akka.Actor;
using Akka.Cluster;
using Im.Actors.Connections;
using Im.Actors.Conversations;
using Im.Actors.Messages;
using Im.Actors.Relays;
using Im.Actors.Sessions;
using Im.Protocol.Json;
using Im.Protocol.Names;

namespace Im.Actors.Edge;

/// <summary>The edges' way to the actors. The only place that asks; every question ends by its time-out.</summary>
internal sealed class Broker(ActorSystem system, ConnectionServices services, IActorRef publisher, IActorRef collector) : IBroker
{
    private static readonly TimeSpan NodeTimeout = TimeSpan.FromSeconds(2);

    private readonly Cluster _cluster = Cluster.Get(system);

    public async Task<UserPushResult> PushToUserAsync(UserPush push, CancellationToken cancellation)
    {
        var messageId = services.NewMessageId();
        var user = new UserKey(push.App, push.User);
        var inbox = ConversationId.Inbox(push.User);
        var content = new PushContent(push.Seq ?? messageId, push.Cmd, push.Type, push.Text, push.From, inbox.Value, null, 0, push.IdempotencyKey, push.Ext, services.NowMs);
        var frames = new PushFrames(new Frame(PushWriter.Level0(content), FrameKind.Ephemeral), new Frame(PushWriter.Level2(content), FrameKind.Ephemeral));
        var command = new SessionCommands.Push(user, messageId, frames, push.Platforms, collector);
        var pending = new PendingPush(messageId, services.Time, push.Timeout);
        collector.Tell(new PushCollectorActor.Expect(pending));
        if (push.IdempotencyKey is null)
        {
            services.Sessions.Tell(command);
            return await pending.Task.WaitAsync(cancellation).ConfigureAwait(false);
        }

        var once = new ConversationCommands.PushOnce(new ConversationKey(push.App, inbox), push.From, push.IdempotencyKey, command);
        var claimed = await AskConversationAsync<ConversationEvents.Claimed>(_ => once, push.Timeout, cancellation).ConfigureAwait(false);
        return claimed is { Duplicate: true }
            ? new UserPushResult(claimed.MessageId, true, DeliveryState.Unknown, [], TimeSpan.Zero)
            : await pending.Task.WaitAsync(cancellation).ConfigureAwait(false);
    }

    public async Task<FanoutResult> PushToConversationAsync(ConversationPush push, CancellationToken cancellation)
    {
        var messageId = services.NewMessageId();
        var pending = Expect(messageId, push.Timeout);
        var post = new ConversationCommands.Post(
            new ConversationKey(push.App, push.Conversation), 0, messageId, "api", push.From, push.Cmd, push.Seq, push.Type, push.Text, push.Ext,
            push.IdempotencyKey, push.Numbered, null, push.ExcludeUser, ActorRefs.Nobody, collector);
        var answer = await AskConversationAsync<object>(reference => post with { ReplyTo = reference }, push.Timeout, cancellation).ConfigureAwait(false);
        if (answer is null) return new FanoutResult(messageId, false, false, null, 0, [], true, pending.Took);
        if (answer is not ConversationEvents.Posted posted) return new FanoutResult(messageId, false, true, null, 0, [], false, pending.Took);
        if (posted.Duplicate) return new FanoutResult(posted.MessageId, true, false, posted.Epoch, posted.Mseq, [], false, pending.Took);
        var (nodes, partial) = await pending.Task.WaitAsync(cancellation).ConfigureAwait(false);
        return new FanoutResult(messageId, false, false, posted.Epoch, posted.Mseq, nodes, partial, pending.Took);
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
        return new FanoutResult(messageId, false, false, null, 0, nodes, partial, pending.Took);
    }

    public async Task<IReadOnlyList<UserPresence>> QueryOnlineAsync(AppId app, IReadOnlyList<UserId> users, CancellationToken cancellation)
    {
        var answers = await AskNodesAsync<NodeAnswers.Online>(new NodeQueries.GetOnline(app, users), cancellation).ConfigureAwait(false);
        var partial = answers.Contains(null);
        return [.. users.Select(user => Presence(user, answers, partial))];
    }

    public async Task<UserPage> ListUsersAsync(AppId app, ConversationId? room, int limit, string? after, CancellationToken cancellation)
    {
        var answers = await AskNodesAsync<NodeAnswers.Users>(new NodeQueries.GetUsers(app, room), cancellation).ConfigureAwait(false);
        var names = answers.OfType<NodeAnswers.Users>().SelectMany(answer => answer.Names).Distinct(StringComparer.Ordinal).ToList();
        names.Sort(StringComparer.Ordinal);
        var start = after is null ? 0 : names.FindIndex(name => string.CompareOrdinal(name, after) > 0);
        var page = start < 0 ? [] : names.Skip(start).Take(limit).Select(name => new UserId(name)).ToList();
        var more = start >= 0 && start + page.Count < names.Count;
        return new UserPage(page, names.Count, more ? page[^1].Value : null, answers.Contains(null));
    }

    public async Task<ConnectionList> ListConnectionsAsync(AppId app, UserId user, CancellationToken cancellation)
    {
        var answers = await AskNodesAsync<NodeAnswers.Connections>(new NodeQueries.GetConnections(new UserKey(app, user)), cancellation).ConfigureAwait(false);
        return new ConnectionList([.. answers.OfType<NodeAnswers.Connections>().SelectMany(answer => answer.Infos)], answers.Contains(null));
    }

    public async Task<CloseResult> KickAsync(AppId app, UserId user, IReadOnlyList<string> platforms, string reason, CancellationToken cancellation)
    {
        try
        {
            var kick = new SessionCommands.Kick(new UserKey(app, user), platforms, reason);
            var kicked = await services.Sessions.Ask<SessionEvents.Kicked>(kick, NodeTimeout, cancellation).ConfigureAwait(false);
            return new CloseResult([.. kicked.ConnectionIds.Select(id => new ClosedConnection(id, NodeOf(id)))], false);
        }
        catch (AskTimeoutException)
        {
            return new CloseResult([], true);
        }
    }

    public async Task<CloseResult> DisconnectAsync(AppId app, string connectionId, string reason, CancellationToken cancellation)
    {
        var answers = await AskNodesAsync<NodeAnswers.Disconnected>(new NodeQueries.Disconnect(app, connectionId, reason), cancellation).ConfigureAwait(false);
        var closed = answers.OfType<NodeAnswers.Disconnected>().Select(answer => answer.ConnectionId).OfType<string>();
        return new CloseResult([.. closed.Select(id => new ClosedConnection(id, NodeOf(id)))], answers.Contains(null));
    }

    public async Task<IReadOnlyList<NodeState>> GetStateAsync(int maxNames, CancellationToken cancellation)
    {
        var answers = await AskNodesAsync<NodeAnswers.State>(new NodeQueries.GetState(maxNames), cancellation).ConfigureAwait(false);
        return [.. answers.OfType<NodeAnswers.State>().Select(answer => answer.Node)];
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

    private static string NodeOf(string connectionId) => connectionId[..connectionId.LastIndexOf('-')];

    private PendingFanout Expect(string messageId, TimeSpan timeout)
    {
        var pending = new PendingFanout(messageId, Nodes().Count, services.Time, timeout);
        collector.Tell(new PushCollectorActor.ExpectFanout(pending));
        return pending;
    }

    private List<Member> Nodes() => [.. _cluster.State.Members.Where(member => member.Status is MemberStatus.Up or MemberStatus.Leaving)];

    /// <returns>Null: no answer in time.</returns>
    private async Task<T?> AskConversationAsync<T>(Func<IActorRef, object> command, TimeSpan timeout, CancellationToken cancellation)
        where T : class
    {
        try
        {
            return await services.Conversations.Ask<T>(command, timeout, cancellation).ConfigureAwait(false);
        }
        catch (AskTimeoutException)
        {
            return null;
        }
    }

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
