using Im.Actors.Conversations.Store;
using Im.Protocol.Names;

namespace Im.Actors.Connections.Commands;

/// <summary>
/// Reads for logins and syncs. A cursor above the head means that history which a reader has seen is gone from the store:
/// the conversation's epoch changes at once, so that every reader begins anew (rules.md §7).
/// </summary>
internal static class SyncReader
{
    public static async Task<SyncPage> ReadAsync(IMessageStore store, SyncQuery query)
    {
        var page = await store.SyncAsync(query).ConfigureAwait(false);
        var ahead = page.Conversations.Where(conversation => conversation.Outcome == ReadOutcome.Found && IsAhead(query, conversation)).ToArray();
        if (ahead.Length == 0) return page;
        foreach (var conversation in ahead)
        {
            var key = new ConversationKey(query.App, new ConversationId(conversation.Conversation));
            await store.ChangeEpochAsync(key, conversation.Epoch, Next(store, conversation.Epoch)).ConfigureAwait(false);
        }

        return await store.SyncAsync(query).ConfigureAwait(false);
    }

    private static bool IsAhead(SyncQuery query, SyncedConversation conversation) =>
        query.Cursors.FirstOrDefault(cursor => cursor.Conversation == conversation.Conversation) is { } cursor && cursor.Epoch == conversation.Epoch && cursor.Mseq > conversation.Head;

    /// <summary>The generation and a count: the next epoch is another whoever asks first.</summary>
    private static string Next(IMessageStore store, string epoch)
    {
        var dot = epoch.LastIndexOf('.');
        var count = dot > 0 && int.TryParse(epoch.AsSpan(dot + 1), out var known) ? known + 1 : 1;
        return $"{store.Generation}.{count}";
    }
}
