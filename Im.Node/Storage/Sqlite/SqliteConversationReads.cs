using System.Text.Json;
using Im.Actors.Conversations.Store;
using Im.Node.Storage.Reads;
using Im.Protocol.Names;

namespace Im.Node.Storage.Sqlite;

/// <summary>Reads of one conversation, each on one snapshot.</summary>
internal static class SqliteConversationReads
{
    private const string Row = "SELECT id, epoch, head, first, last_ts, name FROM conversation WHERE app = ?1 AND conv = ?2";

    private const string PresentMembers = "SELECT user_id, role, from_mseq FROM member WHERE conv = ?1 AND to_mseq IS NULL ORDER BY user_id";

    private const string Stays = "SELECT from_mseq, to_mseq FROM member WHERE conv = ?1 AND user_id = ?2 ORDER BY from_mseq";

    private const string PageUp = $"SELECT {SqliteRows.RecordColumns} FROM message WHERE conv = ?1 AND mseq BETWEEN ?2 AND ?3 ORDER BY mseq";

    private const string PageDown = PageUp + " DESC";

    private const string Cids =
        """
        SELECT c.sender, c.cid, c.epoch, c.mseq, c.mid, c.ts, c.hash FROM json_each(?3) asked
        JOIN cid c ON c.conv = (SELECT id FROM conversation WHERE app = ?1 AND conv = ?2) AND c.sender = asked.value ->> 0 AND c.cid = asked.value ->> 1
        """;

    private const string Marks =
        """
        SELECT user_id, max(delivered), max(read) FROM (
            SELECT d.user_id, d.mseq AS delivered, 0 AS read FROM conversation c JOIN cursor d ON d.conv = c.id AND d.epoch = c.epoch WHERE c.app = ?1 AND c.conv = ?2
            UNION ALL
            SELECT r.user_id, 0, r.mseq FROM conversation c JOIN read_mark r ON r.conv = c.id AND r.epoch = c.epoch WHERE c.app = ?1 AND c.conv = ?2)
        GROUP BY user_id
        """;

    public static ConversationRow? Load(SqliteDb db, ConversationKey key)
    {
        var found = For(db, Row, key).ReadFirst(row =>
            (Id: row.Long(0), Row: new ConversationRow(row.Text(1), row.Long(2), row.Long(3), row.Long(4), row.TextOrNull(5), [])));
        if (found.Row is null) return null;
        return found.Row with
        {
            Members = db.Statement(PresentMembers).Bind(1, found.Id).ReadAll(row => new MemberRow(row.Text(0), (MemberRole)row.Long(1), row.Long(2), null)),
        };
    }

    public static IReadOnlyDictionary<(string Sender, string Cid), CidRow> FindCids(SqliteDb db, ConversationKey key, IEnumerable<(string Sender, string Cid)> cids)
    {
        var asked = JsonSerializer.Serialize(cids.Select(cid => new[] { cid.Sender, cid.Cid }));
        return For(db, Cids, key).Bind(3, asked)
            .ReadAll(row => (Key: (row.Text(0), row.Text(1)), Row: new CidRow(row.Text(2), row.Long(3), row.Text(4), row.Long(5), row.Blob(6))))
            .ToDictionary(found => found.Key, found => found.Row);
    }

    public static HistoryPage Read(SqliteDb db, HistoryQuery query)
    {
        var conversation = For(db, Row, query.Conversation).ReadFirst(row => (Id: row.Long(0), Epoch: row.Text(1), Head: row.Long(2), First: row.Long(3)));
        if (conversation.Epoch is null) return HistoryPage.Of(ReadOutcome.NoConversation);
        var visible = VisibleRecords.All(conversation.First, conversation.Head);
        if (query.Reader is { } reader)
        {
            var stays = db.Statement(Stays).Bind(1, conversation.Id).Bind(2, reader).ReadAll(row => (row.Long(0), row.LongOrNull(1)));
            if (stays.Count == 0) return HistoryPage.Of(ReadOutcome.NotAMember);
            visible = VisibleRecords.Of(conversation.First, conversation.Head, stays);
        }

        var records = visible.Page(query.Before, query.After, query.Limit) is { } range ? Read(db, conversation.Id, range, isUp: query.After is not null) : [];
        return new HistoryPage(ReadOutcome.Found, conversation.Epoch, visible.First, visible.Head, records);
    }

    public static IReadOnlyDictionary<string, (long Delivered, long Read)> ReadMarks(SqliteDb db, ConversationKey key) =>
        For(db, Marks, key).ReadAll(row => (User: row.Text(0), Marks: (row.Long(1), row.Long(2)))).ToDictionary(row => row.User, row => row.Marks);

    /// <summary>Descending.</summary>
    public static IEnumerable<StoredRecord> ReadDown(SqliteDb db, long conversation, RecordRange range)
    {
        var page = db.Statement(PageDown).Bind(1, conversation).Bind(2, range.From).Bind(3, range.To);
        try
        {
            while (page.Step()) yield return SqliteRows.Record(page);
        }
        finally
        {
            page.Reset();
        }
    }

    /// <summary>As many as fit into an answer from the end that was asked for, ascending; one always fits.</summary>
    private static List<StoredRecord> Read(SqliteDb db, long conversation, RecordRange range, bool isUp)
    {
        var budget = new ReadBudget(int.MaxValue, ReadBudget.AnswerMaxBytes);
        var page = db.Statement(isUp ? PageUp : PageDown).Bind(1, conversation).Bind(2, range.From).Bind(3, range.To);
        List<StoredRecord> records = [];
        try
        {
            while (page.Step())
            {
                var record = SqliteRows.Record(page);
                if (!budget.TryTake(record) && records.Count > 0) break;
                records.Add(record);
            }
        }
        finally
        {
            page.Reset();
        }

        if (!isUp) records.Reverse();
        return records;
    }

    private static SqliteStatement For(SqliteDb db, string sql, ConversationKey key) =>
        db.Statement(sql).Bind(1, key.App.Value).Bind(2, key.Conversation.Value);
}
