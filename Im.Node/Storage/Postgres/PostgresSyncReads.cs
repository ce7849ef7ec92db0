using Im.Actors.Conversations.Store;
using Im.Node.Storage.Reads;
using Im.Protocol.Names;
using Npgsql;

namespace Im.Node.Storage.Postgres;

/// <summary>Logins, syncs and lists: a few batched queries for many conversations of one reader, on one snapshot.</summary>
internal sealed class PostgresSyncReads : ISyncReader
{
    /// <summary>The stays of <c>$2</c> in conversation <c>c</c> as two arrays, ascending; null for none.</summary>
    public const string StayColumns =
        """
        (SELECT array_agg(s.from_mseq ORDER BY s.from_mseq) FROM member s WHERE s.conv = c.id AND s.user_id = $2),
        (SELECT array_agg(s.to_mseq ORDER BY s.from_mseq) FROM member s WHERE s.conv = c.id AND s.user_id = $2)
        """;

    private const string HeaderColumns = $"c.id, c.conv, c.epoch, c.first, c.head, c.last_ts, c.name, coalesce(r.mseq, 0), {StayColumns}";

    private const string ReadMark = "LEFT JOIN read_mark r ON r.conv = c.id AND r.user_id = $2 AND r.epoch = c.epoch";

    private const string Named = $"SELECT {HeaderColumns} FROM conversation c {ReadMark} WHERE c.app = $1 AND c.conv = ANY ($3::text[])";

    private const string Own =
        $"""
        SELECT {HeaderColumns} FROM member m JOIN conversation c ON c.id = m.conv {ReadMark}
        WHERE m.app = $1 AND m.user_id = $2 AND m.to_mseq IS NULL AND c.conv <> ALL ($3::text[])
        ORDER BY c.last_ts DESC, c.conv LIMIT $4
        """;

    private const string OwnAfter =
        $"""
        SELECT {HeaderColumns} FROM member m JOIN conversation c ON c.id = m.conv {ReadMark}
        WHERE m.app = $1 AND m.user_id = $2 AND m.to_mseq IS NULL
            AND (-c.last_ts, c.conv) > (SELECT -a.last_ts, a.conv FROM conversation a WHERE a.app = $1 AND a.conv = $3)
        ORDER BY c.last_ts DESC, c.conv LIMIT $4
        """;

    private const string Records =
        $"""
        SELECT m.conv, {PostgresQueries.RecordColumns} FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS range (conv, low, high)
        JOIN message m ON m.conv = range.conv AND m.mseq BETWEEN range.low AND range.high
        ORDER BY m.conv, m.mseq DESC
        """;

    private const string Unread =
        """
        SELECT range.conv, count(*) FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS range (conv, low, high)
        JOIN message m ON m.conv = range.conv AND m.mseq BETWEEN range.low AND range.high AND m.type <> 'event' AND m.author <> $4
        GROUP BY range.conv
        """;

    private readonly ILookup<long, StoredRecord> _records;
    private readonly Dictionary<long, long> _unread;

    private PostgresSyncReads(ILookup<long, StoredRecord> records, Dictionary<long, long> unread)
    {
        _records = records;
        _unread = unread;
    }

    public static async Task<SyncPage> SyncAsync(NpgsqlConnection connection, SyncQuery query, CancellationToken cancellation)
    {
        var cursors = query.Cursors.ToDictionary(cursor => cursor.Conversation, StringComparer.Ordinal);
        var names = cursors.Keys.ToArray();
        var headers = names.Length > 0 ? await HeadersAsync(connection, Named, query.App, query.User, names, null, cancellation).ConfigureAwait(false) : [];
        foreach (var header in headers) header.Cursor = cursors[header.Conversation];
        var missing = cursors.Keys.Except(headers.Select(header => header.Conversation)).Select(name => cursors[name]).ToList();
        var hasMore = false;
        if (query.ListOwn)
        {
            var own = await HeadersAsync(connection, Own, query.App, query.User, names, query.MaxConversations + 1, cancellation).ConfigureAwait(false);
            hasMore = own.Count > query.MaxConversations;
            headers.AddRange(own.Take(query.MaxConversations));
        }

        return await AnswerAsync(connection, query.User, headers, missing, hasMore, query.MaxGap, new ReadBudget(query.MaxRecords, query.MaxBytes), cancellation).ConfigureAwait(false);
    }

    public static async Task<SyncPage> ListAsync(NpgsqlConnection connection, AppId app, string user, int limit, string? after, CancellationToken cancellation)
    {
        var own = after is null
            ? await HeadersAsync(connection, Own, app, user, Array.Empty<string>(), limit + 1, cancellation).ConfigureAwait(false)
            : await HeadersAsync(connection, OwnAfter, app, user, after, limit + 1, cancellation).ConfigureAwait(false);
        var budget = new ReadBudget(limit, ReadBudget.AnswerMaxBytes);
        return await AnswerAsync(connection, user, own.Take(limit).ToList(), [], own.Count > limit, maxGap: 0, budget, cancellation).ConfigureAwait(false);
    }

    /// <summary>Reads the two columns of <see cref="StayColumns"/>.</summary>
    public static List<(long From, long? To)> Stays(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? [] : [.. row.GetFieldValue<long[]>(column).Zip(row.GetFieldValue<long?[]>(column + 1))];

    public long CountUnread(SyncHeader conversation, RecordRange range) => _unread.GetValueOrDefault(conversation.Id);

    public IEnumerable<StoredRecord> ReadDown(SyncHeader conversation, RecordRange range) =>
        _records[conversation.Id].Where(record => record.Mseq >= range.From && record.Mseq <= range.To);

    private static async Task<SyncPage> AnswerAsync(
        NpgsqlConnection connection, string user, List<SyncHeader> headers, IReadOnlyList<SyncCursor> missing, bool hasMore, int maxGap, ReadBudget budget, CancellationToken cancellation)
    {
        var wanted = SyncPlan.Wanted(headers, maxGap, budget.Records).ToList();
        var unread = headers.Where(header => header.IsReadable).Select(header => (Header: header, Range: SyncPlan.UnreadRange(header, header.Visible))).Where(asked => asked.Range.Count > 0).ToList();
        var records = wanted.Count == 0 ? [] : await connection.QueryAsync(
            Records, row => (Id: row.GetInt64(0), Record: PostgresQueries.Record(row, 1)), cancellation, Ranges(wanted)).ConfigureAwait(false);
        var counts = unread.Count == 0 ? [] : await connection.QueryAsync(
            Unread, row => (Id: row.GetInt64(0), Count: row.GetInt64(1)), cancellation, [.. Ranges(unread), user]).ConfigureAwait(false);
        var reads = new PostgresSyncReads(records.ToLookup(row => row.Id, row => row.Record), counts.ToDictionary(row => row.Id, row => row.Count));
        return new SyncPage(true, new SyncPlan(reads, maxGap, budget).Answer(headers, missing), hasMore);
    }

    private static object?[] Ranges(List<(SyncHeader Header, RecordRange Range)> asked) =>
        [asked.Select(one => one.Header.Id).ToArray(), asked.Select(one => one.Range.From).ToArray(), asked.Select(one => one.Range.To).ToArray()];

    private static async Task<List<SyncHeader>> HeadersAsync(
        NpgsqlConnection connection, string sql, AppId app, string user, object third, int? limit, CancellationToken cancellation)
    {
        object?[] values = limit is { } most ? [(long)app.Value, user, third, most] : [(long)app.Value, user, third];
        var rows = await connection.QueryAsync(
            sql,
            row => (
                Header: new SyncHeader(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5), row.TextOrNull(6), row.GetInt64(7)),
                Stays: Stays(row, 8)),
            cancellation,
            values).ConfigureAwait(false);
        foreach (var (header, stays) in rows) header.Stays.AddRange(stays);
        return [.. rows.Select(row => row.Header)];
    }
}
