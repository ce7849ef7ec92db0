using Im.Actors.Conversations;
using Im.Actors.Conversations.Store;
using Im.Actors.Messages;
using Im.Actors.Sessions;
using Im.Protocol;
using Im.Protocol.Json;
using Im.Protocol.Names;

namespace Im.Actors.Connections.Commands;

/// <summary><c>read</c>: the user has read up to here; monotonic, at most the head. Own other devices and the other members are told.</summary>
internal sealed class ReadHandler : ICommandHandler
{
    public string Command => CommandNames.Read;

    public bool NeedsLogin => true;

    public bool IsLevel2Only => true;

    public void Handle(IConnection connection, ConnectionInput.Command command)
    {
        if (!ReadData.TryRead(command.Data.Span, out var read, out var field)) connection.Fail(command, ReplyCode.BadParameter, field ?? "data");
        else if (read.Mseq is not { } mseq) connection.Fail(command, ReplyCode.BadParameter, "mseq");
        else if (ConversationAccess.TryOpen(connection, command, read.Conversation, out var conversation)) Clip(connection, command, conversation, mseq);
    }

    /// <summary>Membership, head and the stored mark in one question.</summary>
    private static void Clip(IConnection connection, ConnectionInput.Command command, ConversationId conversation, long mseq)
    {
        var user = connection.Slot.Attachment!.User;
        var key = new ConversationKey(user.App, conversation);
        var cursor = new SyncCursor(conversation.Value, "", 0, conversation.Kind == ConversationKind.Room);
        var query = new SyncQuery(user.App, user.User.Value, [cursor], ListOwn: false, MaxGap: 0, MaxRecords: 0);
        StoreReadFlow<SyncPage>.Start(
            connection, connection.Services.Store.SyncAsync(query), SyncPage.Unavailable, (owner, page) => Answer(owner, command, key, mseq, page));
    }

    private static void Answer(IConnection connection, ConnectionInput.Command command, ConversationKey key, long mseq, SyncPage page)
    {
        var conversation = key.Conversation;
        if (!page.IsAvailable)
        {
            connection.Fail(command, ReplyCode.Overloaded, "conv", 500);
            return;
        }

        var found = page.Conversations[0];
        if (found.Outcome != ReadOutcome.Found)
        {
            connection.Fail(command, found.Outcome == ReadOutcome.NoConversation && conversation.Kind != ConversationKind.Group ? ReplyCode.NoData : found.Outcome.Code(), "conv");
            return;
        }

        if (found.Epoch != connection.Epoch(conversation.Value))
        {
            connection.TellEpoch(conversation.Value, found.Epoch);
            connection.Fail(command, ReplyCode.EpochChanged, "conv");
            connection.Push(new Frame(PushWriter.SyncRequired(connection.Services.NewMessageId(), [conversation.Value]), FrameKind.Reply));
            return;
        }

        Apply(connection, command, key, Math.Min(mseq, found.Head), found);
    }

    /// <summary>What is told is where the mark stands, which another device may have moved further.</summary>
    private static void Apply(IConnection connection, ConnectionInput.Command command, ConversationKey key, long mseq, SyncedConversation found)
    {
        var attachment = connection.Slot.Attachment!;
        var services = connection.Services;
        var name = key.Conversation.Value;
        var waiting = services.Store.Move(new CursorMove(key.App, attachment.User.User.Value, attachment.Device!, name, found.Epoch, null, mseq));
        var read = Math.Max(found.Read, Math.Max(waiting, mseq));
        var messageId = services.NewMessageId();
        var frame = new Frame(PushWriter.Read(messageId, name, read), FrameKind.Ephemeral, "read:" + name);
        services.Sessions.Tell(new SessionCommands.Push(attachment.User, messageId, new PushFrames(null, frame), [], Akka.Actor.ActorRefs.Nobody) { SenderConnection = attachment.ConnectionId }, connection.Self);
        if (key.Conversation.Kind is ConversationKind.Pair or ConversationKind.Group)
        {
            services.Conversations.Tell(new ConversationCommands.Mark(key, attachment.User.User, 0, read), connection.Self);
        }

        var buffer = WireBuffer.Create();
        buffer.Raw("{\"conv\":"u8);
        buffer.Text(name);
        buffer.Raw(",\"read\":"u8);
        buffer.Number(read);
        buffer.Raw("}"u8);
        connection.Reply(command, buffer.Written.ToArray());
    }
}
