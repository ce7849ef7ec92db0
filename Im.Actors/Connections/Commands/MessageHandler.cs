using System.Text;
using Im.Actors.Conversations;
using Im.Protocol;
using Im.Protocol.Json;
using Im.Protocol.Names;

namespace Im.Actors.Connections.Commands;

/// <summary>
/// <c>msg</c>: a record, answered once it is on disk, in the connection's order; or with <c>ephemeral</c> delivered to who is
/// there now. Pipelined: the connection goes on while the owner answers.
/// </summary>
internal sealed class MessageHandler : ICommandHandler
{
    public string Command => CommandNames.Message;

    public bool NeedsLogin => true;

    public bool IsLevel2Only => true;

    public void Handle(IConnection connection, ConnectionInput.Command command)
    {
        var slot = connection.Slot;
        if (!MessageData.TryRead(command.Data.Span, out var message, out var field)) connection.Fail(command, ReplyCode.BadParameter, field ?? "data");
        else if (message.Cid is not null && !NameChecks.IsCid(message.Cid)) connection.Fail(command, ReplyCode.BadParameter, "cid");
        else if (message.Text is null) connection.Fail(command, ReplyCode.BadParameter, "msg");
        else if (message.Type is not null && !MessageData.IsKnownType(message.Type)) connection.Fail(command, ReplyCode.BadParameter, "type");
        else if (Encoding.UTF8.GetByteCount(message.Text) > slot.Limits.TextMaxBytes) connection.Fail(command, ReplyCode.TooLarge, "msg");
        else if (!ConversationId.TryParse(message.Conversation, out var conversation)) connection.Fail(command, ReplyCode.BadParameter, "conv");
        else if (message.Ephemeral) PostEphemeral(connection, command, message, conversation);
        else Post(connection, command, message, conversation);
    }

    internal static string ConversationOf(ConnectionInput.Command command)
    {
        MessageData.TryRead(command.Data.Span, out var message, out _);
        return message.Conversation!;
    }

    internal static byte[] Reply(string conversation, ConversationEvents.Posted posted, bool isStored)
    {
        var buffer = WireBuffer.Create();
        buffer.Raw("{\"mid\":"u8);
        buffer.Text(posted.MessageId);
        buffer.Raw(",\"conv\":"u8);
        buffer.Text(conversation);
        if (isStored)
        {
            buffer.Raw(",\"epoch\":"u8);
            buffer.Text(posted.Epoch);
            buffer.Raw(",\"mseq\":"u8);
            buffer.Number(posted.Mseq);
        }

        buffer.Raw(",\"ts\":"u8);
        buffer.Number(posted.TimestampMs);
        buffer.Raw(posted.Duplicate ? ",\"dup\":true"u8 : ",\"dup\":false"u8);
        buffer.Raw(isStored ? ",\"d\":\"disk\"}"u8 : ",\"d\":\"none\"}"u8);
        return buffer.Written.ToArray();
    }

    private static void PostEphemeral(IConnection connection, ConnectionInput.Command command, MessageData message, ConversationId conversation)
    {
        if (ConversationAccess.Refusal(connection, conversation) is { } code) connection.Fail(command, code, "conv");
        else connection.Services.Conversations.Tell(Message(connection, message, conversation, connection.Pipeline(command), connection.Services.NewMessageId(), message.Cid), connection.Self);
    }

    /// <summary>
    /// Whether the sender may write is asked after its cid was looked up: a stored one always gets its 200. Whether it is in the room is seen once: what is sent
    /// again later is the same request.
    /// </summary>
    private static void Post(IConnection connection, ConnectionInput.Command command, MessageData message, ConversationId conversation)
    {
        var messageId = connection.Services.NewMessageId();
        var isOutside = ConversationAccess.IsOutside(connection, conversation);
        connection.Send(command, conversation, message.Cid, (tag, place) =>
            Message(connection, message, conversation, tag, messageId, message.Cid ?? messageId, place, isOutside));
    }

    /// <param name="place">Of a record; null for an ephemeral.</param>
    private static ConversationCommands.Post Message(IConnection connection, MessageData message, ConversationId conversation, long tag, string messageId, string? cid, SendPlace? place = null, bool isOutside = false)
    {
        var attachment = connection.Slot.Attachment!;
        var user = attachment.User.User.Value;
        return new ConversationCommands.Post(
            new ConversationKey(attachment.User.App, conversation), tag, messageId, user, user, CommandNames.Message, null,
            message.Type ?? "text", message.Text!, message.Ext, cid, Numbered: place is not null, attachment.ConnectionId, ExcludeUser: null, connection.Self, ReportTo: null)
        {
            Place = place,
            IsOutside = isOutside,
        };
    }
}
