using Im.Actors.Conversations.Store;
using Im.Actors.Relays;
using Im.Protocol;
using Im.Protocol.Json;
using Im.Protocol.Names;

namespace Im.Actors.Connections.Commands;

/// <summary><c>sync</c>: what came after each cursor, at any time; as in a login.</summary>
internal sealed class SyncHandler : ICommandHandler
{
    public string Command => CommandNames.Sync;

    public bool NeedsLogin => true;

    public bool IsLevel2Only => true;

    public void Handle(IConnection connection, ConnectionInput.Command command)
    {
        if (!SyncData.TryRead(command.Data.Span, out var sync, out var field)) connection.Fail(command, ReplyCode.BadParameter, field ?? "data");
        else if (sync.Cursors is not { } cursors) connection.Fail(command, ReplyCode.BadParameter, "cursors");
        else if (cursors.Count > LoginHandler.MaxCursorsCount) connection.Fail(command, ReplyCode.TooLarge, "cursors");
        else if (!cursors.Keys.All(name => ConversationId.TryParse(name, out _))) connection.Fail(command, ReplyCode.BadParameter, "cursors");
        else Read(connection, command, cursors);
    }

    /// <summary>The cursors that this connection may ask about; the others are answered with their code.</summary>
    internal static (List<SyncCursor> Allowed, List<(string Conversation, ReplyCode Code)> Refused) Sort(IConnection connection, IEnumerable<KeyValuePair<string, Cursor>> cursors)
    {
        var allowed = new List<SyncCursor>();
        var refused = new List<(string, ReplyCode)>();
        foreach (var (name, cursor) in cursors)
        {
            var conversation = new ConversationId(name);
            if (ConversationAccess.Refusal(connection, conversation) is { } code) refused.Add((name, code));
            else allowed.Add(new SyncCursor(name, cursor.Epoch, cursor.Mseq, conversation.Kind == ConversationKind.Room));
        }

        return (allowed, refused);
    }

    /// <summary>
    /// What of a page is only known by asking: told epochs, heads for the relays and for the changed-heads watch. Of a group that the user is out of the page
    /// ends where the user left: a relay that believed this to be the head would hand out what follows to members who came later.
    /// </summary>
    internal static void Note(IConnection connection, SyncPage page)
    {
        var app = connection.Slot.Attachment!.User.App;
        foreach (var conversation in page.Conversations.Where(conversation => conversation.Outcome == ReadOutcome.Found))
        {
            var id = new ConversationId(conversation.Conversation);
            var key = new ConversationKey(app, id);
            connection.TellEpoch(id.Value, conversation.Epoch);
            if (id.Kind is ConversationKind.Pair or ConversationKind.Inbox) connection.Services.Direct.Note(connection.Slot.Number, id, conversation.Head);
            else if (id.Kind == ConversationKind.Room || conversation.IsPresent) connection.Services.Relays.For(key).Tell(new RelayCommands.Head(key, conversation.Epoch, conversation.Head), connection.Self);
        }
    }

    internal static void WriteRefused(ref WireBuffer buffer, List<(string Conversation, ReplyCode Code)> refused, bool separate)
    {
        foreach (var (conversation, code) in refused)
        {
            buffer.Raw(separate ? ",{\"conv\":"u8 : "{\"conv\":"u8);
            buffer.Text(conversation);
            buffer.Raw(",\"code\":"u8);
            buffer.Number((int)code);
            buffer.Raw("}"u8);
            separate = true;
        }
    }

    private static void Read(IConnection connection, ConnectionInput.Command command, IReadOnlyDictionary<string, Cursor> cursors)
    {
        var user = connection.Slot.Attachment!.User;
        var (allowed, refused) = Sort(connection, cursors);
        var query = new SyncQuery(user.App, user.User.Value, allowed, ListOwn: false);
        StoreReadFlow<SyncPage>.Start(connection, SyncReader.ReadAsync(connection.Services.Store, query), SyncPage.Unavailable, (owner, page) => Answer(owner, command, page, refused));
    }

    private static void Answer(IConnection connection, ConnectionInput.Command command, SyncPage page, List<(string Conversation, ReplyCode Code)> refused)
    {
        if (!page.IsAvailable)
        {
            connection.Fail(command, ReplyCode.Overloaded, retryAfterMs: 500);
            return;
        }

        Note(connection, page);
        var buffer = WireBuffer.Create();
        buffer.Raw("{\"convs\":["u8);
        for (var i = 0; i < page.Conversations.Count; i++)
        {
            if (i > 0) buffer.Raw(","u8);
            SyncWriter.Write(ref buffer, page.Conversations[i], null);
        }

        WriteRefused(ref buffer, refused, page.Conversations.Count > 0);
        buffer.Raw("]}"u8);
        connection.Reply(command, buffer.Written.ToArray());
    }
}
