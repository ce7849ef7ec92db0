using Im.Cli.Verify.Facts;
using Im.Cli.Verify.Load;
using Im.Client;
using Im.Protocol;

namespace Im.Cli.Verify;

/// <summary>Reads whole conversations by <c>history</c>, as a client does.</summary>
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
        long after = 0;
        while (true)
        {
            ImHistoryPage page;
            try
            {
                page = await client.HistoryAsync(conversation, after: after, limit: 200, cancellation: cancellation);
            }
            catch (ImRefusedException refused) when (refused.Code is ReplyCode.NoSuchConversation or ReplyCode.Forbidden or ReplyCode.NotAMember && after == 0)
            {
                return null;
            }
            records.AddRange(page.Records.Select(Log));
            if (page.Records.Count == 0) return new ConversationLog(conversation, page.Epoch, page.First, page.Head, records);
            after = page.Records[^1].Mseq;
        }
    }

    private static LogRecord Log(ImRecord record) => new(
        record.Mseq, record.Mid ?? "", record.From, record.Cid, record.Type, record.Text, EventText.Of(record.Ext), record.Timestamp.ToUnixTimeMilliseconds(), record.EditedBy ?? 0, record.IsRecalled);
}
