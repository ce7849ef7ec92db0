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

    /// <summary>The head is read with the membership, as a page of one.</summary>
    private static void Clip(IConnection connection, ConnectionInput.Command command, ConversationId conversation, long mseq)
    {
        var key = new ConversationKey(connection.Slot.Attachment!.User.App, conversation);
        var query = new HistoryQuery(key, ConversationAccess.Reader(connection, conversation), null, null, 1);
        StoreReadFlow<HistoryPage>.Start(
            connection, connection.Services.Store.ReadAsync(query), HistoryPage.Of(ReadOutcome.Unavailable), (owner, page) => Answer(owner, command, key, mseq, page));
    }

    private static void Answer(IConnection connection, ConnectionInput.Command command, ConversationKey key, long mseq, HistoryPage page)
    {
        var conversation = key.Conversation;
        if (page.Outcome != ReadOutcome.Found)
        {
            connection.Fail(command, page.Outcome == ReadOutcome.NoConversation && conversation.Kind != ConversationKind.Group ? ReplyCode.NoData : page.Outcome.Code(), "conv");
            return;
        }

        if (page.Epoch != connection.Epoch(conversation.Value))
        {
            connection.TellEpoch(conversation.Value, page.Epoch);
            connection.Fail(command, ReplyCode.EpochChanged, "conv");
            connection.Push(new Frame(PushWriter.SyncRequired(connection.Services.NewMessageId(), [conversation.Value]), FrameKind.Reply));
            return;
        }

        Apply(connection, command, key, Math.Min(mseq, page.Head), page.Epoch);
    }

    private static void Apply(IConnection connection, ConnectionInput.Command command, ConversationKey key, long read, string epoch)
    {
        var attachment = connection.Slot.Attachment!;
        var services = connection.Services;
        var name = key.Conversation.Value;
        services.Store.Move(new CursorMove(key.App, attachment.User.User.Value, attachment.Device!, name, epoch, null, read));
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
