using System.Globalization;
using Im.Actors.Conversations.Store;
using Im.Actors.Telemetry;

namespace Im.Actors.Connections.Commands;

/// <summary>
/// Reads for logins and syncs. A cursor above the head means that history which a reader has seen is gone from the store, or that the
/// cursor was made up; nobody can tell which. The conversation's epoch changes then, so that every reader begins anew (rules.md §7), but once
/// only while this node has the store without a break: what went back went back before, so that a second such cursor can only be made up. Its own reader
/// gets <c>recovered:false</c>, and the others keep their copies.
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
            var isBelieved = BegunMs(head.Epoch) < store.SeenSinceMs;
            ImMetrics.CursorAhead(isBelieved);
            if (isBelieved) changed |= await store.ChangeEpochAsync(head.Conversation, head.Epoch, Next(store)).ConfigureAwait(false);
        }

        return changed ? await store.SyncAsync(query).ConfigureAwait(false) : page;
    }

    private static bool IsAhead(SyncCursor cursor, SyncPage page) => page.Conversations.Any(conversation =>
        conversation.Conversation == cursor.Conversation && conversation.Outcome == ReadOutcome.Found && conversation.Epoch == cursor.Epoch && cursor.Mseq > conversation.Head);

    /// <summary>The generation and when this node got the store: nodes that got it at another time have another.</summary>
    private static string Next(IMessageStore store) => string.Create(CultureInfo.InvariantCulture, $"{store.Generation}.{store.SeenSinceMs}");

    /// <summary>When the epoch was begun by a cursor; 0 for an epoch that is a generation.</summary>
    private static long BegunMs(string epoch) =>
        long.TryParse(epoch.AsSpan(epoch.LastIndexOf('.') + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var begun) && epoch.Contains('.', StringComparison.Ordinal) ? begun : 0;
}
