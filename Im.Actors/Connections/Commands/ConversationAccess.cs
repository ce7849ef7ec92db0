using Im.Protocol;
using Im.Protocol.Names;

namespace Im.Actors.Connections.Commands;

/// <summary>What the name of a conversation alone says about who may touch it. Of groups the store's member rows decide, in the reading statement.</summary>
internal static class ConversationAccess
{
    /// <summary>Reads the name and checks it; a wrong one is answered.</summary>
    public static bool TryOpen(IConnection connection, ConnectionInput.Command command, string? name, out ConversationId conversation)
    {
        if (!ConversationId.TryParse(name, out conversation))
        {
            connection.Fail(command, ReplyCode.BadParameter, "conv");
            return false;
        }

        if (Refusal(connection, conversation) is not { } code) return true;
        connection.Fail(command, code, "conv");
        return false;
    }

    public static ReplyCode? Refusal(IConnection connection, ConversationId conversation)
    {
        var user = connection.Slot.Attachment!.User.User.Value;
        return conversation.Kind switch
        {
            ConversationKind.Room => connection.Rooms.Contains(conversation) ? null : ReplyCode.NotAMember,
            ConversationKind.Pair => conversation.Value[2..].Split('|').Contains(user) ? null : ReplyCode.Forbidden,
            ConversationKind.Inbox => conversation.Value[2..] == user ? null : ReplyCode.Forbidden,
            _ => null,
        };
    }

    /// <summary>For what the store is not asked about: <see cref="Refusal"/>, and of groups only those that the connection follows.</summary>
    public static ReplyCode? RefusalNow(IConnection connection, ConversationId conversation) =>
        conversation.Kind == ConversationKind.Group && !connection.Follows(conversation) ? ReplyCode.NotAMember : Refusal(connection, conversation);

    /// <summary>A room that the connection has not joined.</summary>
    public static bool IsOutside(IConnection connection, ConversationId conversation) => conversation.Kind == ConversationKind.Room && !connection.Rooms.Contains(conversation);

    /// <summary>Whose membership the store checks: of rooms nobody's, the connection is in.</summary>
    public static string? Reader(IConnection connection, ConversationId conversation) =>
        conversation.Kind == ConversationKind.Room ? null : connection.Slot.Attachment!.User.User.Value;
}
