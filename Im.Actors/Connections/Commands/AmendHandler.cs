using System.Text;
using Im.Actors.Conversations;
using Im.Protocol;
using Im.Protocol.Json;
using Im.Protocol.Names;

namespace Im.Actors.Connections.Commands;

/// <summary><c>edit</c> and <c>recall</c>: a change of an own message, as a record of its own.</summary>
/// <param name="command">Which of the two.</param>
internal sealed class AmendHandler(string command) : ICommandHandler
{
    public string Command => command;

    public bool NeedsLogin => true;

    public bool IsLevel2Only => true;

    private bool IsEdit => command == CommandNames.Edit;

    public void Handle(IConnection connection, ConnectionInput.Command input)
    {
        if (!AmendData.TryRead(input.Data.Span, out var amend, out var field)) connection.Fail(input, ReplyCode.BadParameter, field ?? "data");
        else if (amend.Mseq is null or 0) connection.Fail(input, ReplyCode.BadParameter, "mseq");
        else if (IsEdit && amend.Text is null) connection.Fail(input, ReplyCode.BadParameter, "msg");
        else if (amend.Cid is not null && !NameChecks.IsCid(amend.Cid)) connection.Fail(input, ReplyCode.BadParameter, "cid");
        else if (IsEdit && Encoding.UTF8.GetByteCount(amend.Text!) > connection.Slot.Limits.TextMaxBytes) connection.Fail(input, ReplyCode.TooLarge, "msg");
        else if (!ConversationId.TryParse(amend.Conversation, out var conversation)) connection.Fail(input, ReplyCode.BadParameter, "conv");
        else Send(connection, input, amend, conversation);
    }

    private void Send(IConnection connection, ConnectionInput.Command input, AmendData amend, ConversationId conversation)
    {
        var attachment = connection.Slot.Attachment!;
        var messageId = connection.Services.NewMessageId();
        var cid = amend.Cid ?? messageId;
        var text = IsEdit ? amend.Text : null;
        var isOutside = ConversationAccess.IsOutside(connection, conversation);
        connection.Send(input, conversation, amend.Cid, (tag, place) =>
            new ConversationCommands.Amend(new ConversationKey(attachment.User.App, conversation), tag, messageId, attachment.User.User, cid, amend.Mseq!.Value, text, attachment.ConnectionId, connection.Self) { Place = place, IsOutside = isOutside });
    }
}
