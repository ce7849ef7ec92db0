using Im.Actors.Conversations;
using Im.Actors.Conversations.Store;
using Im.Protocol;
using Im.Protocol.Json;
using Im.Protocol.Names;

namespace Im.Actors.Connections.Commands;

/// <summary><c>history</c>: a page of a conversation, in order.</summary>
internal sealed class HistoryHandler : ICommandHandler
{
    private const int MaxLimit = 200;

    private const int DefaultLimit = 50;

    public string Command => CommandNames.History;

    public bool NeedsLogin => true;

    public bool IsLevel2Only => true;

    public void Handle(IConnection connection, ConnectionInput.Command command)
    {
        if (!HistoryData.TryRead(command.Data.Span, out var history, out var field)) connection.Fail(command, ReplyCode.BadParameter, field ?? "data");
        else if (history is { Before: not null, After: not null }) connection.Fail(command, ReplyCode.BadParameter, "before");
        else if (history.Limit is < 1 or > MaxLimit) connection.Fail(command, ReplyCode.BadParameter, "limit");
        else if (ConversationAccess.TryOpen(connection, command, history.Conversation, out var conversation)) Read(connection, command, history, conversation);
    }

    private static void Read(IConnection connection, ConnectionInput.Command command, HistoryData history, ConversationId conversation)
    {
        var key = new ConversationKey(connection.Slot.Attachment!.User.App, conversation);
        var query = new HistoryQuery(key, ConversationAccess.Reader(connection, conversation), history.Before, history.After, (int)(history.Limit ?? DefaultLimit));
        StoreReadFlow<HistoryPage>.Start(
            connection, connection.Services.Store.ReadAsync(query), HistoryPage.Of(ReadOutcome.Unavailable), (owner, page) => Answer(owner, command, history, conversation, page));
    }

    private static void Answer(IConnection connection, ConnectionInput.Command command, HistoryData history, ConversationId conversation, HistoryPage page)
    {
        var isNewRoom = page.Outcome == ReadOutcome.NoConversation && conversation.Kind != ConversationKind.Group;
        if (page.Outcome != ReadOutcome.Found && !isNewRoom)
        {
            connection.Fail(command, page.Outcome.Code(), "conv", page.Outcome == ReadOutcome.Unavailable ? 500 : 0);
            return;
        }

        var epoch = isNewRoom ? connection.Services.Store.Generation : page.Epoch;
        if ((history.Before ?? history.After) is not null && epoch != connection.Epoch(conversation.Value))
        {
            connection.TellEpoch(conversation.Value, epoch);
            connection.Fail(command, ReplyCode.EpochChanged, "conv");
            connection.Push(new Frame(PushWriter.SyncRequired(connection.Services.NewMessageId(), [conversation.Value]), FrameKind.Reply));
            return;
        }

        connection.TellEpoch(conversation.Value, epoch);
        var first = isNewRoom ? 1 : page.First;
        if (history.Before is { } before && before <= first && before > 0 && first > 1)
        {
            connection.Fail(command, new ConversationEvents.PostRefused(0, ReplyCode.RangeNotKept) { Field = "before", First = first });
            return;
        }

        if (history.After is { } after && after < first - 1)
        {
            connection.Fail(command, new ConversationEvents.PostRefused(0, ReplyCode.RangeNotKept) { Field = "after", First = first });
            return;
        }

        var buffer = WireBuffer.Create();
        buffer.Raw("{\"conv\":"u8);
        buffer.Text(conversation.Value);
        buffer.Raw(",\"epoch\":"u8);
        buffer.Text(epoch);
        buffer.Raw(",\"first\":"u8);
        buffer.Number(first);
        buffer.Raw(",\"head\":"u8);
        buffer.Number(page.Head);
        buffer.Raw(",\"msgs\":"u8);
        RecordWriter.Write(ref buffer, page.Records, conversation.Value, epoch);
        buffer.Raw("}"u8);
        connection.Reply(command, buffer.Written.ToArray());
    }
}
