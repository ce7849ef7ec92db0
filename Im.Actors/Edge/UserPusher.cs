using Akka.Actor;
using Im.Actors.Connections;
using Im.Actors.Conversations;
using Im.Actors.Messages;
using Im.Actors.Sessions;
using Im.Protocol;
using Im.Protocol.Json;
using Im.Protocol.Names;

namespace Im.Actors.Edge;

/// <summary>Pushes to one user: by the inbox, which stores and hands on, or straight to the session.</summary>
internal sealed class UserPusher(ConnectionServices services, OwnerCaller owners, IActorRef collector, DeliveryReader deliveries)
{
    public Task<UserPushResult> PushAsync(UserPush push, CancellationToken cancellation) =>
        push.Persist ? PushStoredAsync(push, cancellation) : PushEphemeralAsync(push, cancellation);

    private async Task<UserPushResult> PushStoredAsync(UserPush push, CancellationToken cancellation)
    {
        var messageId = services.NewMessageId();
        var pending = Expect(messageId, push);
        var post = new ConversationCommands.Post(
            new ConversationKey(push.App, ConversationId.Inbox(push.User)), 0, messageId, push.Sender, push.From, push.Cmd, push.Seq, push.Type, push.Text, push.Ext,
            push.IdempotencyKey ?? messageId, Numbered: true, null, null, ActorRefs.Nobody, collector)
        {
            IsFromServer = true,
            Platforms = push.Platforms,
            TimeToLive = push.TimeToLive,
        };
        var answer = await owners.AskAsync(services.Conversations, (reference, tag) => post with { ReplyTo = reference, Tag = tag }, hasCid: true, push.Timeout, cancellation).ConfigureAwait(false);
        if (answer is ConversationEvents.Posted own && own.MessageId == messageId)
        {
            // A repeat of ours that met the first attempt is no duplicate.
            collector.Tell(new PushCollectorActor.Stored(messageId));
            var result = await pending.Task.WaitAsync(cancellation).ConfigureAwait(false);
            return result with { State = AtLeastStored(result.State), Epoch = own.Epoch, Mseq = own.Mseq };
        }

        collector.Tell(new PushCollectorActor.Forget(messageId));
        if (answer is ConversationEvents.Posted first) return await DuplicateAsync(push.App, first, pending, cancellation).ConfigureAwait(false);
        var code = ((ConversationEvents.PostRefused)answer).Code;
        return new UserPushResult(messageId, false, code == ReplyCode.OutcomeUnknown ? DeliveryState.Unknown : DeliveryState.Failed, [], pending.Took) { Code = code };
    }

    private async Task<UserPushResult> DuplicateAsync(AppId app, ConversationEvents.Posted first, PendingPush pending, CancellationToken cancellation)
    {
        var known = await deliveries.FindAsync(app, first.MessageId, cancellation).ConfigureAwait(false);
        return new UserPushResult(first.MessageId, true, AtLeastStored(known.State), known.Devices, pending.Took) { Epoch = first.Epoch, Mseq = first.Mseq };
    }

    private async Task<UserPushResult> PushEphemeralAsync(UserPush push, CancellationToken cancellation)
    {
        var messageId = services.NewMessageId();
        var user = new UserKey(push.App, push.User);
        var inbox = ConversationId.Inbox(push.User);
        var content = new PushContent(push.Seq ?? messageId, push.Cmd, push.Type, push.Text, push.From, inbox.Value, null, 0, push.IdempotencyKey, push.Ext, services.NowMs);
        var frames = new PushFrames(new Frame(PushWriter.Level0(content), FrameKind.Ephemeral), new Frame(PushWriter.Level2(content), FrameKind.Ephemeral));
        var command = new SessionCommands.Push(user, messageId, frames, push.Platforms, collector);
        var pending = Expect(messageId, push);
        if (push.IdempotencyKey is null)
        {
            services.Sessions.Tell(command);
            return await pending.Task.WaitAsync(cancellation).ConfigureAwait(false);
        }

        var once = new ConversationCommands.PushOnce(new ConversationKey(push.App, inbox), push.Sender, push.IdempotencyKey, command);
        var answer = await owners.AskAsync(services.Conversations, (_, tag) => once with { Tag = tag }, hasCid: false, push.Timeout, cancellation).ConfigureAwait(false);
        return answer is ConversationEvents.Claimed { Duplicate: true } claimed
            ? new UserPushResult(claimed.MessageId, true, DeliveryState.Unknown, [], TimeSpan.Zero)
            : await pending.Task.WaitAsync(cancellation).ConfigureAwait(false);
    }

    private PendingPush Expect(string messageId, UserPush push)
    {
        var pending = new PendingPush(messageId, push.Persist, push.WaitFor, services.Time, push.Timeout);
        collector.Tell(new PushCollectorActor.Expect(pending));
        return pending;
    }

    private static DeliveryState AtLeastStored(DeliveryState state) => state < DeliveryState.Stored ? DeliveryState.Stored : state;
}
