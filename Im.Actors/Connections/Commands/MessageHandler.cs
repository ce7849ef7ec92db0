using System.Text;
using Im.Actors.Conversations;
using Im.Protocol;
using Im.Protocol.Json;
using Im.Protocol.Names;

namespace Im.Actors.Connections.Commands;

/// <summary>
/// <c>msg</c>, ephemeral only until there is a store: delivered to who is in the room now, without an mseq. Pipelined:
/// the connection goes on while the owner answers.
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
        else if (!ConversationId.TryParse(message.Conversation, out var conversation)) connection.Fail(command, ReplyCode.BadParameter, "conv");
        else if (message.Cid is not null && !IsCid(message.Cid)) connection.Fail(command, ReplyCode.BadParameter, "cid");
        else if (message.Text is null) connection.Fail(command, ReplyCode.BadParameter, "msg");
        else if (message.Type is not null && !MessageData.IsKnownType(message.Type)) connection.Fail(command, ReplyCode.BadParameter, "type");
        else if (!message.Ephemeral) connection.Fail(command, ReplyCode.BadParameter, "ephemeral");
        else if (Encoding.UTF8.GetByteCount(message.Text) > slot.Limits.TextMaxBytes) connection.Fail(command, ReplyCode.TooLarge, "msg");
        else if (!connection.Rooms.Contains(conversation)) connection.Fail(command, ReplyCode.NotAMember, "conv");
        else Post(connection, command, message, conversation);
    }

    internal static byte[] Reply(ConnectionInput.Command command, ConversationEvents.Posted posted)
    {
        MessageData.TryRead(command.Data.Span, out var message, out _);
        var buffer = WireBuffer.Create();
        buffer.Raw("{\"mid\":"u8);
        buffer.Text(posted.MessageId);
        buffer.Raw(",\"conv\":"u8);
        buffer.Text(message.Conversation);
        buffer.Raw(",\"ts\":"u8);
        buffer.Number(posted.TimestampMs);
        buffer.Raw(posted.Duplicate ? ",\"dup\":true,\"d\":\"none\"}"u8 : ",\"dup\":false,\"d\":\"none\"}"u8);
        return buffer.Written.ToArray();
    }

    private static void Post(IConnection connection, ConnectionInput.Command command, MessageData message, ConversationId conversation)
    {
        var attachment = connection.Slot.Attachment!;
        var user = attachment.User.User;
        connection.Services.Conversations.Tell(new ConversationCommands.Post(
            new ConversationKey(attachment.User.App, conversation),
            connection.Pipeline(command),
            connection.Services.NewMessageId(),
            user.Value,
            user.Value,
            CommandNames.Message,
            null,
            message.Type ?? "text",
            message.Text!,
            message.Ext,
            message.Cid,
            Numbered: false,
            attachment.ConnectionId,
            ExcludeUser: null,
            connection.Self,
            ReportTo: null), connection.Self);
    }

    private static bool IsCid(string cid) => cid.Length is >= 1 and <= 64 && cid.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or ':' or '-');
}
