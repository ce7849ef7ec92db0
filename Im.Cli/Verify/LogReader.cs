using Im.Cli.Verify.Facts;
using Im.Cli.Verify.Load;
using Im.Client;
using Im.Protocol;

namespace Im.Cli.Verify;

/// <summary>A page of a conversation, as <c>history</c> answers it.</summary>
/// <param name="after">Null: the newest.</param>
internal delegate Task<ImHistoryPage> PageReader(long? after, int limit);

/// <summary>Reads whole conversations by <c>history</c>, as a client does. What retention removes meanwhile is left out.</summary>
internal static class LogReader
{
    private const int PageCount = 200;

    public static async Task<IReadOnlyList<ConversationLog>> ReadAllAsync(Population population, CancellationToken cancellation)
    {
        var logs = new List<ConversationLog>();
        foreach (var (conversation, reader) in population.Conversations())
        {
            if (await ReadAsync((after, limit) => reader.Client.HistoryAsync(conversation, after: after, limit: limit, cancellation: cancellation)) is { } log) logs.Add(log);
        }
        return logs;
    }

    /// <summary>Everything up to the head, also behind numbers that have no record: a page is a range of numbers, and may be empty in the middle of a broken log.</summary>
    /// <returns>Null when there is no such conversation.</returns>
    public static async Task<ConversationLog?> ReadAsync(PageReader read)
    {
        var records = new List<LogRecord>();
        long? after = null;
        while (true)
        {
            try
            {
                // Without a bound the newest come, and with them the first number that is kept.
                var page = await read(after, after is null ? 1 : PageCount);
                if (after is null)
                {
                    after = page.First - 1;
                }
                else
                {
                    records.AddRange(page.Records.Select(Log));
                    after = page.Records.Count > 0 ? page.Records[^1].Mseq : after + PageCount;
                }
                if (after >= page.Head) return new ConversationLog(page.Conversation, page.Epoch, page.First, page.Head, [.. records.Where(record => record.Mseq >= page.First)]);
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
