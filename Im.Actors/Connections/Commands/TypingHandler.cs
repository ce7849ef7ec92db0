using Im.Actors.Conversations;
using Im.Protocol;
using Im.Protocol.Json;
using Im.Protocol.Names;

namespace Im.Actors.Connections.Commands;

/// <summary><c>typing</c>: a sign of the moment for the others; never stored, throttled to one <c>start</c> per connection and 3 s.</summary>
internal sealed class TypingHandler : ICommandHandler
{
    private const long ThrottleMs = 3_000;

    public string Command => CommandNames.Typing;

    public bool NeedsLogin => true;

    public bool IsLevel2Only => true;

    public void Handle(IConnection connection, ConnectionInput.Command command)
    {
        if (!TypingData.TryRead(command.Data.Span, out var typing, out var field)) connection.Fail(command, ReplyCode.BadParameter, field ?? "data");
        else if (typing.State is not ("start" or "stop")) connection.Fail(command, ReplyCode.BadParameter, "state");
        else if (!ConversationAccess.TryOpen(connection, command, typing.Conversation, out var conversation)) return;
        else if (ConversationAccess.RefusalNow(connection, conversation) is { } code) connection.Fail(command, code, "conv");
        else Tell(connection, command, conversation, typing.State);
    }

    private static void Tell(IConnection connection, ConnectionInput.Command command, ConversationId conversation, string state)
    {
        connection.Reply(command);
        var attachment = connection.Slot.Attachment!;
        if (state == "start" && !attachment.MayType(connection.Services.NowMs, ThrottleMs)) return;
        var user = attachment.User.User;
        var frame = new Frame(PushWriter.Typing(connection.Services.NewMessageId(), conversation.Value, user.Value, state), FrameKind.Ephemeral, $"typing:{conversation.Value}:{user.Value}");
        connection.Services.Conversations.Tell(new ConversationCommands.Signal(new ConversationKey(attachment.User.App, conversation), user, attachment.ConnectionId, frame), connection.Self);
    }
}
