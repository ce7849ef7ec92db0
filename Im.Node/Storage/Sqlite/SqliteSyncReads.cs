using System.Text.Json;
using Im.Actors.Conversations.Store;
using Im.Node.Storage.Reads;
using Im.Protocol.Names;

namespace Im.Node.Storage.Sqlite;

/// <summary>Logins, syncs and lists: many conversations of one reader on one snapshot.</summary>
internal sealed class SqliteSyncReads(SqliteDb db, string user) : ISyncReader
{
    private const string HeaderColumns = "c.id, c.conv, c.epoch, c.first, c.head, c.last_ts, c.name, coalesce(r.mseq, 0)";

    private const string ReadMark = "LEFT JOIN read_mark r ON r.conv = c.id AND r.user_id = ?2 AND r.epoch = c.epoch";

    private const string Named =
        $"SELECT {HeaderColumns} FROM json_each(?3) asked JOIN conversation c ON c.app = ?1 AND c.conv = asked.value {ReadMark}";

    private const string Own =
        $"""
        SELECT {HeaderColumns} FROM member m JOIN conversation c ON c.id = m.conv {ReadMark}
        WHERE m.app = ?1 AND m.user_id = ?2 AND m.to_mseq IS NULL AND c.conv NOT IN (SELECT value FROM json_each(?3))
        ORDER BY c.last_ts DESC, c.conv LIMIT ?4
        """;

    private const string OwnAfter =
        $"""
        SELECT {HeaderColumns} FROM member m JOIN conversation c ON c.id = m.conv {ReadMark}
        WHERE m.app = ?1 AND m.user_id = ?2 AND m.to_mseq IS NULL
            AND (-c.last_ts, c.conv) > (SELECT -last_ts, conv FROM conversation WHERE app = ?1 AND conv = ?3)
        ORDER BY c.last_ts DESC, c.conv LIMIT ?4
        """;

    private const string Stays = "SELECT m.conv, m.from_mseq, m.to_mseq FROM json_each(?1) asked JOIN member m ON m.conv = asked.value AND m.user_id = ?2 ORDER BY m.from_mseq";

    private const string Unread = "SELECT count(*) FROM message WHERE conv = ?1 AND mseq BETWEEN ?2 AND ?3 AND type <> 'event' AND author <> ?4";

    public static SyncPage Sync(SqliteDb db, SyncQuery query)
    {
        var reads = new SqliteSyncReads(db, query.User);
        var cursors = query.Cursors.ToDictionary(cursor => cursor.Conversation, StringComparer.Ordinal);
        var names = JsonSerializer.Serialize(cursors.Keys);
        var headers = reads.Headers(Named, query.App, names);
        foreach (var header in headers) header.Cursor = cursors[header.Conversation];
        var missing = cursors.Keys.Except(headers.Select(header => header.Conversation)).Select(name => cursors[name]).ToList();
        var hasMore = false;
        if (query.ListOwn)
        {
            var own = reads.Headers(Own, query.App, names, query.MaxConversations + 1);
            hasMore = own.Count > query.MaxConversations;
            headers.AddRange(own.Take(query.MaxConversations));
        }

        return reads.Answer(headers, missing, hasMore, query.MaxGap, new ReadBudget(query.MaxRecords, query.MaxBytes));
    }

    public static SyncPage List(SqliteDb db, AppId app, string user, int limit, string? after)
    {
        var reads = new SqliteSyncReads(db, user);
        var own = after is null ? reads.Headers(Own, app, "[]", limit + 1) : reads.Headers(OwnAfter, app, after, limit + 1);
        return reads.Answer(own.Take(limit).ToList(), [], own.Count > limit, maxGap: 0, new ReadBudget(limit, ReadBudget.AnswerMaxBytes));
    }

    public long CountUnread(SyncHeader conversation, RecordRange range) =>
        db.Statement(Unread).Bind(1, conversation.Id).Bind(2, range.From).Bind(3, range.To).Bind(4, user).ReadFirst(row => row.Long(0));

    public IEnumerable<StoredRecord> ReadDown(SyncHeader conversation, RecordRange range) => SqliteConversationReads.ReadDown(db, conversation.Id, range);

    private SyncPage Answer(List<SyncHeader> headers, IReadOnlyList<SyncCursor> missing, bool hasMore, int maxGap, ReadBudget budget)
    {
        var byId = headers.ToDictionary(header => header.Id);
        var stays = db.Statement(Stays).Bind(1, JsonSerializer.Serialize(byId.Keys)).Bind(2, user).ReadAll(row => (Id: row.Long(0), Stay: (row.Long(1), row.LongOrNull(2))));
        foreach (var (id, stay) in stays) byId[id].Stays.Add(stay);
        return new SyncPage(true, new SyncPlan(this, maxGap, budget).Answer(headers, missing), hasMore);
    }

    private List<SyncHeader> Headers(string sql, AppId app, string third, int? limit = null)
    {
        var statement = db.Statement(sql).Bind(1, app.Value).Bind(2, user).Bind(3, third);
        if (limit is { } most) statement.Bind(4, most);
        return statement.ReadAll(row => new SyncHeader(row.Long(0), row.Text(1), row.Text(2), row.Long(3), row.Long(4), row.Long(5), row.TextOrNull(6), row.Long(7)));
    }
}
