using Im.Actors.Conversations.Store;

namespace Im.Node.Storage.Reads;

/// <summary>Reads of one snapshot that a sync needs besides the headers.</summary>
internal interface ISyncReader
{
    /// <summary>Messages of others among these records, events left out.</summary>
    long CountUnread(SyncHeader conversation, RecordRange range);

    /// <summary>Descending, one by one: the caller stops when its budget is spent.</summary>
    IEnumerable<StoredRecord> ReadDown(SyncHeader conversation, RecordRange range);
}

/// <summary>Turns headers into the answer: who may see what, who is brought up in full, and what fits, most recently active first.</summary>
internal sealed class SyncPlan(ISyncReader reader, int maxGap, ReadBudget budget)
{
    /// <summary>What a reader gets who cannot be brought up in full.</summary>
    private const int TailCount = 50;

    /// <summary>Unread is counted among so many of the newest records, so that a login stays cheap.</summary>
    public const int UnreadWindow = 1_000;

    /// <param name="headers">Of the conversations that exist.</param>
    /// <param name="missing">Cursors of those that do not.</param>
    public IReadOnlyList<SyncedConversation> Answer(IEnumerable<SyncHeader> headers, IEnumerable<SyncCursor> missing)
    {
        List<SyncedConversation> answers = [];
        foreach (var header in InOrder(headers)) answers.Add(header.IsReadable ? Answer(header) : Refuse(header.Conversation, ReadOutcome.NotAMember));
        answers.AddRange(missing.Select(cursor => Refuse(cursor.Conversation, ReadOutcome.NoConversation)));
        return answers;
    }

    /// <summary>The records that an answer will ask its reader for, for one who fetches them in one query; bytes may cut them short.</summary>
    public static IEnumerable<(SyncHeader Header, RecordRange Range)> Wanted(IEnumerable<SyncHeader> headers, int maxGap, int maxRecords)
    {
        foreach (var header in InOrder(headers).Where(header => header.IsReadable))
        {
            if (Choose(header, header.Visible, maxGap, maxRecords).Range is not { Count: > 0 } range) continue;
            range = range with { From = Math.Max(range.From, range.To - maxRecords + 1) };
            if (range.Count <= 0) yield break;
            maxRecords -= (int)range.Count;
            yield return (header, range);
        }
    }

    /// <summary>Where unread messages are looked for.</summary>
    public static RecordRange UnreadRange(SyncHeader header, VisibleRecords visible) =>
        new(Math.Max(Math.Max(header.Read + 1, visible.First), visible.Head - UnreadWindow + 1), visible.Head);

    private static IEnumerable<SyncHeader> InOrder(IEnumerable<SyncHeader> headers) =>
        headers.OrderByDescending(header => header.LastTimestampMs).ThenBy(header => header.Conversation, StringComparer.Ordinal);

    /// <summary>All that was missed when it can be told whole, else the newest few; of a conversation without a cursor the last one.</summary>
    private static (RecordRange? Range, bool IsWhole) Choose(SyncHeader header, VisibleRecords visible, int maxGap, int recordsLeft)
    {
        if (header.Cursor is not { } cursor) return (visible.Page(before: null, after: null, 1), false);
        var missed = cursor.Epoch == header.Epoch ? visible.Since(cursor.Mseq) : null;
        return missed is { } range && range.Count <= maxGap && range.Count <= recordsLeft ? (range, true) : (visible.Page(before: null, after: null, TailCount), false);
    }

    private static SyncedConversation Refuse(string conversation, ReadOutcome outcome) => new(conversation, outcome, "", 0, 0, 0, 0, false, [], null, null);

    private SyncedConversation Answer(SyncHeader header)
    {
        var visible = header.Visible;
        var (range, isWhole) = Choose(header, visible, maxGap, budget.Records);
        var before = budget.Copy();
        var records = ReadTail(header, range);
        var isRecovered = isWhole && records.Count == range!.Value.Count;
        if (isWhole && !isRecovered)
        {
            budget.Restore(before);
            records = ReadTail(header, visible.Page(before: null, after: null, TailCount));
        }

        var unread = UnreadRange(header, visible);
        return new SyncedConversation(
            header.Conversation,
            ReadOutcome.Found,
            header.Epoch,
            visible.First,
            visible.Head,
            header.Read,
            unread.Count > 0 ? reader.CountUnread(header, unread) : 0,
            isRecovered,
            header.Cursor is null ? [] : records,
            header.Name,
            header.Cursor is null && records.Count > 0 ? records[0] : null) { IsPresent = header.IsPresent };
    }

    /// <summary>The newest of the range as far as they fit, ascending.</summary>
    private List<StoredRecord> ReadTail(SyncHeader header, RecordRange? range)
    {
        List<StoredRecord> records = [];
        if (range is not { Count: > 0 } wanted || budget.Records == 0) return records;
        foreach (var record in reader.ReadDown(header, wanted))
        {
            if (!budget.TryTake(record)) break;
            records.Add(record);
        }

        records.Reverse();
        return records;
    }
}
