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

        // A push to a user is the only record with delivery states: what is skipped elsewhere changes none.
        var inbox = ConversationId.Inbox(connection.Slot.Attachment!.User.User);
        var skipped = ack.Skips.GetValueOrDefault(inbox.Value);
        foreach (var (name, mseq) in ack.Skips) connection.Acked(name, mseq, skipped: true);
        if (skipped > 0 && !ack.Acks.ContainsKey(inbox.Value)) Move(connection, inbox, null, skipped);
        foreach (var (name, mseq) in ack.Acks)
        {
            if (!ConversationId.TryParse(name, out var conversation) || ConversationAccess.RefusalNow(connection, conversation) is not null) continue;
            Apply(connection, conversation, mseq, conversation == inbox ? skipped : 0);
        }

        connection.Reply(command);
    }

    private static void Apply(IConnection connection, ConversationId conversation, long mseq, long skipped)
    {
        var user = connection.Slot.Attachment!.User;
        connection.Acked(conversation.Value, mseq, skipped: false);
        Move(connection, conversation, mseq, skipped);
        if (conversation.Kind != ConversationKind.Pair) return;
        connection.Services.Conversations.Tell(new ConversationCommands.Mark(new ConversationKey(user.App, conversation), user.User, mseq, 0), connection.Self);
    }

    private static void Move(IConnection connection, ConversationId conversation, long? acked, long skipped)
    {
        var attachment = connection.Slot.Attachment!;
        var move = new CursorMove(attachment.User.App, attachment.User.User.Value, attachment.Device!, conversation.Value, connection.Epoch(conversation.Value), acked, null);
        connection.Services.Store.Move(move with { Skipped = skipped });
    }
}
