using Akka.Actor;
using Im.Actors.Connections;
using Im.Actors.Conversations.Store;
using Im.Actors.Messages;
using Im.Actors.Sessions;
using Im.Protocol.Json;
using Im.Protocol.Names;

namespace Im.Actors.Conversations;

/// <summary>
/// The owner's way out: rooms and groups by their topic, one-to-one and inbox by the sessions of the users. Encodes each
/// push once. What a session has not taken is sent again, see <see cref="Repeat"/>.
/// </summary>
/// <remarks>At most <see cref="MaxUnrouted"/> records wait for their session; older ones are left to the store's changed heads.</remarks>
internal sealed class ConversationPublisher(ConversationFacts facts, IActorRef publisher, IActorRef sessions, IActorRef self, string incarnation)
{
    public const int MaxUnrouted = 256;

    private const int MaxAttempts = 4;

    private readonly Dictionary<(string User, long Mseq), (SessionCommands.Push Push, int Attempts)> _unrouted = [];

    public bool HasUnrouted => _unrouted.Count > 0;

    private bool IsDirect => facts.Kind is ConversationKind.Pair or ConversationKind.Inbox;

    public void Record(LogRequest request, IReadOnlyList<MemberChange> changes)
    {
        var record = request.Record!;
        var post = (request as PostRequest)?.Post;
        var frames = Encode(record, post?.Command, post?.Seq);
        if (IsDirect)
        {
            foreach (var user in facts.NamedUsers) RecordTo(new UserId(user), record, frames, request, post);
            return;
        }

        publisher.Tell(Envelope(EnvelopeKind.Record, post?.ExcludeUser?.Value ?? record.From, frames, 0, 0, record.TimestampMs) with
        {
            Mseq = record.Mseq,
            MessageId = record.MessageId,
            ExcludeUser = post?.ExcludeUser is not null,
            SenderConnection = request.SenderConnection,
            ReportTo = post?.ReportTo,
            Added = [.. changes.Where(change => change.Role is not null).Select(change => change.User)],
            Removed = [.. changes.Where(change => change.Role is null).Select(change => change.User)],
        });
    }

    /// <summary>A message without a number, to who is there now.</summary>
    public void Ephemeral(ConversationCommands.Post post, long order, int members, long nowMs)
    {
        var content = new PushContent(
            post.Seq ?? post.MessageId, post.Command, post.Type, post.Text, post.From, facts.Key.Conversation.Value,
            null, 0, post.SenderConnection is null ? null : post.Cid, post.Ext, nowMs);
        var frames = new PushFrames(new Frame(PushWriter.Level0(content), FrameKind.Ephemeral), new Frame(PushWriter.Level2(content), FrameKind.Ephemeral));
        if (IsDirect)
        {
            foreach (var user in facts.NamedUsers) Direct(user, post.MessageId, frames, post.SenderConnection);
            return;
        }

        publisher.Tell(Envelope(EnvelopeKind.Ephemeral, post.ExcludeUser?.Value ?? post.From, frames, order, members, nowMs) with
        {
            MessageId = post.MessageId,
            ExcludeUser = post.ExcludeUser is not null,
            SenderConnection = post.SenderConnection,
            ReportTo = post.ReportTo,
        });
    }

    /// <summary>A level 2 sign of the moment about a user, to all others.</summary>
    public void Signal(string user, string? senderConnection, Frame frame, long order, int members, long nowMs)
    {
        var frames = new PushFrames(null, frame);
        if (IsDirect)
        {
            foreach (var other in facts.NamedUsers.Where(name => name != user)) Direct(other, "", frames, senderConnection);
            return;
        }

        publisher.Tell(Envelope(EnvelopeKind.Ephemeral, user, frames, order, members, nowMs) with { ExcludeUser = true, SenderConnection = senderConnection });
    }

    public void Publish(ConversationEnvelope envelope) => publisher.Tell(envelope);

    public ConversationEnvelope Envelope(EnvelopeKind kind, string user, PushFrames frames, long order, int members, long nowMs) =>
        new(facts.Key, kind, facts.Epoch, order, facts.Epoch.Length == 0 ? -1 : facts.Head, user, members, frames, nowMs) { Incarnation = incarnation };

    public void Routed(ConversationCommands.Routed routed) => _unrouted.Remove((routed.User.Value, routed.Mseq));

    /// <summary>Sends again what no session has taken; after a few attempts it is left to the store.</summary>
    public void Repeat()
    {
        foreach (var (key, (push, attempts)) in _unrouted.ToArray())
        {
            if (attempts >= MaxAttempts)
            {
                _unrouted.Remove(key);
                continue;
            }

            _unrouted[key] = (push, attempts + 1);
            sessions.Tell(push);
        }
    }

    private void RecordTo(UserId user, StoredRecord record, PushFrames frames, LogRequest request, ConversationCommands.Post? post)
    {
        // Level 0 gets none of its own.
        var own = user.Value == record.From && facts.Kind == ConversationKind.Pair;
        var push = new SessionCommands.Push(new UserKey(facts.Key.App, user), record.MessageId, own ? frames with { Level0 = null } : frames, post?.Platforms ?? [], post?.ReportTo ?? ActorRefs.Nobody)
        {
            Record = new RecordPlace(facts.Key.Conversation, facts.Epoch, record.Mseq),
            SenderConnection = request.SenderConnection,
            Owner = self,
        };
        if (_unrouted.Count < MaxUnrouted) _unrouted[(user.Value, record.Mseq)] = (push, 1);
        sessions.Tell(push);
    }

    private void Direct(string user, string messageId, PushFrames frames, string? senderConnection) =>
        sessions.Tell(new SessionCommands.Push(new UserKey(facts.Key.App, new UserId(user)), messageId, frames, [], ActorRefs.Nobody) { SenderConnection = senderConnection });

    private PushFrames Encode(StoredRecord record, string? command, string? seq)
    {
        var level2 = new Frame(RecordWriter.Push(record, facts.Key.Conversation.Value, facts.Epoch, seq), FrameKind.Record, facts.Key.Conversation.Value);
        return new PushFrames(record.IsEvent ? null : new Frame(RecordWriter.Level0Push(record, command, seq), FrameKind.Record, facts.Key.Conversation.Value), level2);
    }
}
