using Im.Actors.Conversations;
using Im.Actors.Conversations.Store;
using Im.Protocol;
using Im.Protocol.Json;
using Im.Protocol.Names;

namespace Im.Actors.Connections.Commands;

/// <summary><c>ack</c>: what this device holds without a gap, cumulative per conversation; <c>skip</c> names what it went on without.</summary>
internal sealed class AckHandler : ICommandHandler
{
    /// <summary>Conversations of one ack; above it 1014.</summary>
    private const int MaxCount = 500;

    public string Command => CommandNames.Ack;

    public bool NeedsLogin => true;

    public bool IsLevel2Only => true;

    public void Handle(IConnection connection, ConnectionInput.Command command)
    {
        if (!AckData.TryRead(command.Data.Span, out var ack, out var field))
        {
            connection.Fail(command, ReplyCode.BadParameter, field ?? "data");
            return;
        }

        if (ack.Acks.Count + ack.Skips.Count > MaxCount)
        {
            connection.Fail(command, ReplyCode.TooLarge, "acks");
            return;
        }

        foreach (var (name, mseq) in ack.Skips) connection.Acked(name, mseq, skipped: true);
        foreach (var (name, mseq) in ack.Acks)
        {
            if (!ConversationId.TryParse(name, out var conversation) || ConversationAccess.RefusalNow(connection, conversation) is not null) continue;
            Apply(connection, conversation, mseq);
        }

        connection.Reply(command);
    }

    private static void Apply(IConnection connection, ConversationId conversation, long mseq)
    {
        var attachment = connection.Slot.Attachment!;
        connection.Acked(conversation.Value, mseq, skipped: false);
        connection.Services.Store.Move(new CursorMove(attachment.User.App, attachment.User.User.Value, attachment.Device!, conversation.Value, connection.Epoch(conversation.Value), mseq, null));
        if (conversation.Kind != ConversationKind.Pair) return;
        connection.Services.Conversations.Tell(new ConversationCommands.Mark(new ConversationKey(attachment.User.App, conversation), attachment.User.User, mseq, 0), connection.Self);
    }
}
