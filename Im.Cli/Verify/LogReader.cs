using Im.Cli.Verify.Facts;
using Im.Cli.Verify.Load;
using Im.Client;
using Im.Protocol;

namespace Im.Cli.Verify;

/// <summary>Reads whole conversations by <c>history</c>, as a client does. What retention removes meanwhile is left out.</summary>
internal static class LogReader
{
    public static async Task<IReadOnlyList<ConversationLog>> ReadAllAsync(Population population, CancellationToken cancellation)
    {
        var logs = new List<ConversationLog>();
        foreach (var (conversation, reader) in population.Conversations())
        {
            if (await ReadAsync(reader.Client, conversation, cancellation) is { } log) logs.Add(log);
        }
        return logs;
    }

    /// <summary>Null when there is no such conversation.</summary>
    private static async Task<ConversationLog?> ReadAsync(ImChatClient client, string conversation, CancellationToken cancellation)
    {
        var records = new List<LogRecord>();
        long? after = null;
        while (true)
        {
            try
            {
                // Without a bound the newest come, and with them the first number that is kept.
                var page = await client.HistoryAsync(conversation, after: after, limit: after is null ? 1 : 200, cancellation: cancellation);
                if (after is not null) records.AddRange(page.Records.Select(Log));
                if (page.Records.Count == 0) return new ConversationLog(conversation, page.Epoch, page.First, page.Head, [.. records.Where(record => record.Mseq >= page.First)]);
                after = after is null ? page.First - 1 : page.Records[^1].Mseq;
            }
            catch (ImRefusedException refused) when (refused.Code == ReplyCode.RangeNotKept)
            {
                after = null;
            }
            catch (ImRefusedException refused) when (refused.Code is ReplyCode.NoSuchConversation or ReplyCode.Forbidden or ReplyCode.NotAMember && after is null)
            {
                return null;
            }
        }
    }

    private static LogRecord Log(ImRecord record) => new(
        record.Mseq, record.Mid ?? "", record.From, record.Cid, record.Type, record.Text, EventText.Of(record.Ext), record.Timestamp.ToUnixTimeMilliseconds(), record.EditedBy ?? 0, record.IsRecalled);
}
