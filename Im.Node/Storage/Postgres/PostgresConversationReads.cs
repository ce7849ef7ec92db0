using Im.Actors.Conversations.Store;
using Im.Node.Storage.Reads;
using Im.Protocol.Names;
using Npgsql;

namespace Im.Node.Storage.Postgres;

/// <summary>Reads of one conversation.</summary>
internal static class PostgresConversationReads
{
    private const string Row = "SELECT id, epoch, head, first, last_ts, name FROM conversation WHERE app = $1 AND conv = $2";

    private const string PresentMembers = "SELECT user_id, role, from_mseq FROM member WHERE conv = $1 AND to_mseq IS NULL ORDER BY user_id";

    private const string Header = $"SELECT c.id, c.epoch, c.head, c.first, {PostgresSyncReads.StayColumns} FROM conversation c WHERE c.app = $1 AND c.conv = $3";

    private const string PageUp = $"SELECT {PostgresQueries.RecordColumns} FROM message m WHERE m.conv = $1 AND m.mseq BETWEEN $2 AND $3 ORDER BY m.mseq";

    private const string PageDown = PageUp + " DESC";

    private const string Cids =
        """
        SELECT i.sender, i.cid, i.epoch, i.mseq, i.mid, i.ts, i.hash FROM unnest($3::text[], $4::text[]) AS asked (sender, cid)
        JOIN conversation c ON c.app = $1 AND c.conv = $2
        JOIN cid i ON i.conv = c.id AND i.sender = asked.sender AND i.cid = asked.cid
        """;

    private const string Marks =
        """
        SELECT user_id, max(delivered), max(read) FROM (
            SELECT d.user_id, d.mseq AS delivered, 0::bigint AS read FROM conversation c JOIN cursor d ON d.conv = c.id AND d.epoch = c.epoch WHERE c.app = $1 AND c.conv = $2
            UNION ALL
            SELECT r.user_id, 0, r.mseq FROM conversation c JOIN read_mark r ON r.conv = c.id AND r.epoch = c.epoch WHERE c.app = $1 AND c.conv = $2) marks
        GROUP BY user_id
        """;

    /// <param name="lockClause">Empty, or what takes the row's lock.</param>
    public static async Task<ConversationRow?> LoadAsync(NpgsqlConnection connection, ConversationKey key, string lockClause, CancellationToken cancellation)
    {
        var rows = await connection.QueryAsync(
            Row + lockClause,
            row => (Id: row.GetInt64(0), Row: new ConversationRow(row.GetString(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.TextOrNull(5), [])),
            cancellation,
            (long)key.App.Value,
            key.Conversation.Value).ConfigureAwait(false);
        if (rows is not [var found]) return null;
        var members = await connection.QueryAsync(
            PresentMembers, row => new MemberRow(row.GetString(0), (MemberRole)row.GetInt16(1), row.GetInt64(2), null), cancellation, found.Id).ConfigureAwait(false);
        return found.Row with { Members = members };
    }

    public static async Task<IReadOnlyDictionary<(string Sender, string Cid), CidRow>> FindCidsAsync(
        NpgsqlConnection connection, ConversationKey key, IReadOnlyCollection<(string Sender, string Cid)> cids, CancellationToken cancellation)
    {
        var rows = await connection.QueryAsync(
            Cids,
            row => (Key: (row.GetString(0), row.GetString(1)), Row: new CidRow(row.GetString(2), row.GetInt64(3), row.GetString(4), row.GetInt64(5), row.GetFieldValue<byte[]>(6))),
            cancellation,
            (long)key.App.Value,
            key.Conversation.Value,
            cids.Select(cid => cid.Sender).ToArray(),
            cids.Select(cid => cid.Cid).ToArray()).ConfigureAwait(false);
        return rows.ToDictionary(row => row.Key, row => row.Row);
    }

    public static async Task<HistoryPage> ReadAsync(NpgsqlConnection connection, HistoryQuery query, CancellationToken cancellation)
    {
        var rows = await connection.QueryAsync(
            Header,
            row => (Id: row.GetInt64(0), Epoch: row.GetString(1), Head: row.GetInt64(2), First: row.GetInt64(3), Stays: PostgresSyncReads.Stays(row, 4)),
            cancellation,
            (long)query.Conversation.App.Value,
            query.Reader ?? "",
            query.Conversation.Conversation.Value).ConfigureAwait(false);
        if (rows is not [var found]) return HistoryPage.Of(ReadOutcome.NoConversation);
        if (query.Reader is not null && found.Stays.Count == 0) return HistoryPage.Of(ReadOutcome.NotAMember);
        var visible = query.Reader is null ? VisibleRecords.All(found.First, found.Head) : VisibleRecords.Of(found.First, found.Head, found.Stays);
        var records = visible.Page(query.Before, query.After, query.Limit) is { } range
            ? await ReadAsync(connection, found.Id, range, isUp: query.After is not null, cancellation).ConfigureAwait(false)
            : [];
        return new HistoryPage(ReadOutcome.Found, found.Epoch, visible.First, visible.Head, records);
    }

    public static async Task<IReadOnlyDictionary<string, (long Delivered, long Read)>> ReadMarksAsync(NpgsqlConnection connection, ConversationKey key, CancellationToken cancellation)
    {
        var rows = await connection.QueryAsync(
            Marks, row => (User: row.GetString(0), Marks: (row.GetInt64(1), row.GetInt64(2))), cancellation, (long)key.App.Value, key.Conversation.Value).ConfigureAwait(false);
        return rows.ToDictionary(row => row.User, row => row.Marks);
    }

    /// <summary>As many as fit into an answer from the end that was asked for, ascending; one always fits.</summary>
    private static async Task<List<StoredRecord>> ReadAsync(NpgsqlConnection connection, long conversation, RecordRange range, bool isUp, CancellationToken cancellation)
    {
        var budget = new ReadBudget(int.MaxValue, ReadBudget.AnswerMaxBytes);
        var read = await connection.QueryAsync(
            isUp ? PageUp : PageDown, row => PostgresQueries.Record(row), cancellation, conversation, range.From, range.To).ConfigureAwait(false);
        var records = read.TakeWhile((record, index) => budget.TryTake(record) || index == 0).ToList();
        if (!isUp) records.Reverse();
        return records;
    }
}
