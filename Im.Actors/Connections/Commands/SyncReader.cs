using Im.Actors.Conversations.Store;

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
        var ahead = query.Cursors.Where(cursor => IsAhead(cursor, page)).ToDictionary(cursor => cursor.Conversation);
        if (ahead.Count == 0) return page;

        // What the reader is told may end before the head, where a stay ended: the head itself decides.
        var heads = await store.ReadHeadsAsync(query.App, ahead.Keys).ConfigureAwait(false);
        var changed = false;
        foreach (var head in heads ?? [])
        {
            var cursor = ahead[head.Conversation.Conversation.Value];
            if (cursor.Epoch != head.Epoch || cursor.Mseq <= head.Head) continue;
            changed |= await store.ChangeEpochAsync(head.Conversation, head.Epoch, Next(store, head.Epoch)).ConfigureAwait(false);
        }

        return changed ? await store.SyncAsync(query).ConfigureAwait(false) : page;
    }

    private static bool IsAhead(SyncCursor cursor, SyncPage page) => page.Conversations.Any(conversation =>
        conversation.Conversation == cursor.Conversation && conversation.Outcome == ReadOutcome.Found && conversation.Epoch == cursor.Epoch && cursor.Mseq > conversation.Head);

    /// <summary>The generation and a count: the next epoch is another whoever asks first.</summary>
    private static string Next(IMessageStore store, string epoch)
    {
        var dot = epoch.LastIndexOf('.');
        var count = dot > 0 && int.TryParse(epoch.AsSpan(dot + 1), out var known) ? known + 1 : 1;
        return $"{store.Generation}.{count}";
    }
}
