using Im.Actors.Conversations.Store;

namespace Im.Node.Storage.Reads;

/// <summary>Answers as they are read at a time: what has expired by then is a tombstone. Most answers hold nothing of that kind and stay the same object.</summary>
internal static class ExpiredRecords
{
    public static async Task<HistoryPage> At(this Task<HistoryPage> reading, long nowMs)
    {
        var page = await reading.ConfigureAwait(false);
        return page.Records.Any(record => !ReferenceEquals(record.At(nowMs), record)) ? page with { Records = [.. page.Records.Select(record => record.At(nowMs))] } : page;
    }

    public static async Task<SyncPage> At(this Task<SyncPage> reading, long nowMs)
    {
        var page = await reading.ConfigureAwait(false);
        return page.Conversations.Any(HasExpired) ? page with { Conversations = [.. page.Conversations.Select(At)] } : page;

        bool HasExpired(SyncedConversation conversation) =>
            conversation.Records.Any(record => !ReferenceEquals(record.At(nowMs), record)) || !ReferenceEquals(conversation.Last?.At(nowMs), conversation.Last);
        SyncedConversation At(SyncedConversation conversation) => conversation with { Records = [.. conversation.Records.Select(record => record.At(nowMs))], Last = conversation.Last?.At(nowMs) };
    }
}
