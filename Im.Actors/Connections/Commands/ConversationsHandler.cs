using Im.Actors.Conversations.Store;
using Im.Protocol;
using Im.Protocol.Json;
using Im.Protocol.Names;

namespace Im.Actors.Connections.Commands;

/// <summary><c>convs</c>: the user's own conversations, most recently active first, in pages.</summary>
internal sealed class ConversationsHandler : ICommandHandler
{
    private const int MaxLimit = 200;

    private const int DefaultLimit = 50;

    public string Command => CommandNames.Conversations;

    public bool NeedsLogin => true;

    public bool IsLevel2Only => true;

    public void Handle(IConnection connection, ConnectionInput.Command command)
    {
        if (!ConversationsData.TryRead(command.Data.Span, out var list, out var field)) connection.Fail(command, ReplyCode.BadParameter, field ?? "data");
        else if (list.Limit is < 1 or > MaxLimit) connection.Fail(command, ReplyCode.BadParameter, "limit");
        else if (list.After is not null && !ConversationId.TryParse(list.After, out _)) connection.Fail(command, ReplyCode.BadParameter, "after");
        else Read(connection, command, (int)(list.Limit ?? DefaultLimit), list.After);
    }

    private static void Read(IConnection connection, ConnectionInput.Command command, int limit, string? after)
    {
        var user = connection.Slot.Attachment!.User;
        var read = connection.Services.Store.ListAsync(user.App, user.User.Value, limit, after);
        StoreReadFlow<SyncPage>.Start(connection, read, SyncPage.Unavailable, (owner, page) => Answer(owner, command, page));
    }

    private static void Answer(IConnection connection, ConnectionInput.Command command, SyncPage page)
    {
        if (!page.IsAvailable)
        {
            connection.Fail(command, ReplyCode.Overloaded, retryAfterMs: 500);
            return;
        }

        var buffer = WireBuffer.Create();
        buffer.Raw("{\"convs\":["u8);
        for (var i = 0; i < page.Conversations.Count; i++)
        {
            if (i > 0) buffer.Raw(","u8);
            SyncWriter.WriteListed(ref buffer, page.Conversations[i]);
        }

        buffer.Raw(page.More ? "],\"more\":true}"u8 : "],\"more\":false}"u8);
        connection.Reply(command, buffer.Written.ToArray());
    }
}
