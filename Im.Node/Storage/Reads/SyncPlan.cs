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
        foreach (var header in headers.OrderByDescending(header => header.LastTimestampMs).ThenBy(header => header.Conversation, StringComparer.Ordinal))
        {
            answers.Add(header.IsReadable ? Answer(header) : Refuse(header.Conversation, ReadOutcome.NotAMember));
        }

        answers.AddRange(missing.Select(cursor => Refuse(cursor.Conversation, ReadOutcome.NoConversation)));
        return answers;
    }

    private static SyncedConversation Refuse(string conversation, ReadOutcome outcome) => new(conversation, outcome, "", 0, 0, 0, 0, false, [], null, null);

    private SyncedConversation Answer(SyncHeader header)
    {
        var visible = header.Visible;
        var isRecovered = false;
        IReadOnlyList<StoredRecord> records = [];
        StoredRecord? last = null;
        if (header.Cursor is { } cursor)
        {
            var missed = cursor.Epoch == header.Epoch ? visible.Since(cursor.Mseq) : null;
            isRecovered = missed is { } range && range.Count <= maxGap && TryReadAll(header, range, out records);
            if (!isRecovered) records = ReadTail(header, visible.Page(before: null, after: null, TailCount));
        }
        else
        {
            last = ReadTail(header, visible.Page(before: null, after: null, 1)) is [var newest] ? newest : null;
        }

        return new SyncedConversation(
            header.Conversation, ReadOutcome.Found, header.Epoch, visible.First, visible.Head, header.Read, CountUnread(header, visible), isRecovered, records, header.Name, last);
    }

    private bool TryReadAll(SyncHeader header, RecordRange range, out IReadOnlyList<StoredRecord> records)
    {
        records = [];
        if (range.Count > budget.Records) return false;
        var before = budget.Copy();
        var read = ReadTail(header, range);
        if (read.Count == range.Count)
        {
            records = read;
            return true;
        }

        budget.Restore(before);
        return false;
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

    private long CountUnread(SyncHeader header, VisibleRecords visible)
    {
        var from = Math.Max(Math.Max(header.Read + 1, visible.First), visible.Head - UnreadWindow + 1);
        return from <= visible.Head ? reader.CountUnread(header, new RecordRange(from, visible.Head)) : 0;
    }
}
