using Im.Node.Storage.Retention;
using Im.Protocol.Names;
using Npgsql;

namespace Im.Node.Storage.Postgres;

/// <summary>The statements of a sweep. Nodes that sweep at the same time do the same, one after the other.</summary>
internal static class PostgresRetention
{
    private const string Rows =
        """
        SELECT c.id, c.conv, c.first, c.head, coalesce((SELECT ts FROM message WHERE conv = c.id AND mseq = c.first), 0)
        FROM conversation c WHERE c.id > $1 AND c.first <= c.head ORDER BY c.id LIMIT $2
        """;

    /// <summary>Time stamps do not go back inside a conversation, so what is too old is a prefix. An append in flight comes first.</summary>
    private const string RemoveRecords =
        """
        WITH row AS (
            SELECT id, first, head FROM conversation WHERE id = $1 FOR UPDATE SKIP LOCKED
        ), last AS (
            SELECT max(mseq) AS mseq FROM (
                SELECT m.mseq, m.ts FROM row JOIN message m ON m.conv = row.id AND m.mseq BETWEEN row.first AND row.head ORDER BY m.mseq LIMIT $4) oldest
            WHERE mseq <= $2 OR ts < $3
        ), removed AS (
            DELETE FROM message m USING last WHERE m.conv = $1 AND m.mseq <= last.mseq RETURNING 1
        ), moved AS (
            UPDATE conversation c SET first = last.mseq + 1 FROM last WHERE c.id = $1 AND c.first <= last.mseq
        )
        SELECT count(*)::int FROM removed
        """;

    private const string RemoveCids = "DELETE FROM cid WHERE ctid = ANY (ARRAY (SELECT ctid FROM cid WHERE ts < $1 LIMIT $2))";

    private const string RemoveDeliveries = "DELETE FROM delivery WHERE ctid = ANY (ARRAY (SELECT ctid FROM delivery WHERE expires <= $1 LIMIT $2))";

    private const string RemoveSkipped = "DELETE FROM skipped WHERE ctid = ANY (ARRAY (SELECT ctid FROM skipped WHERE expires <= $1 LIMIT $2))";

    /// <summary>
    /// Those of single tokens that have ended, those of a user that were lifted later, and what lifted them once none of these is left. The newest stays
    /// in any case: numbers go on from it.
    /// </summary>
    private const string RemoveRevocations =
        """
        DELETE FROM revocation WHERE number < (SELECT max(number) FROM revocation) AND number IN (
            SELECT number FROM revocation WHERE before_ms > 0 AND before_ms < $1 AND user_id IS NULL
            UNION
            SELECT r.number FROM revocation l JOIN revocation r ON r.app = l.app AND r.user_id = l.user_id AND r.number < l.number WHERE l.before_ms <= 0
            UNION
            SELECT l.number FROM revocation l WHERE l.before_ms <= 0 AND l.created < $1 AND NOT EXISTS (
                SELECT 1 FROM revocation r WHERE r.app = l.app AND r.user_id = l.user_id AND r.number < l.number)
            LIMIT $2)
        """;

    public static async Task<IReadOnlyList<SweepRow>?> ReadRowsAsync(NpgsqlConnection connection, long afterId, int limit, CancellationToken cancellation) =>
        await connection.QueryAsync(
            Rows, row => new SweepRow(row.GetInt64(0), new ConversationId(row.GetString(1)), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4)), cancellation, afterId, limit).ConfigureAwait(false);

    public static async Task<int> RemoveAsync(NpgsqlConnection connection, ExpiredPrefix expired, int limit, CancellationToken cancellation) =>
        (await connection.QueryAsync(RemoveRecords, row => row.GetInt32(0), cancellation, expired.Id, expired.UpTo, expired.BeforeMs, limit).ConfigureAwait(false))[0];

    public static Task<int> RemoveCidsAsync(NpgsqlConnection connection, long beforeMs, int limit, CancellationToken cancellation) =>
        connection.ExecuteAsync(RemoveCids, cancellation, beforeMs, limit);

    public static Task<int> RemoveDeliveriesAsync(NpgsqlConnection connection, long expiredMs, int limit, CancellationToken cancellation) =>
        connection.ExecuteAsync(RemoveDeliveries, cancellation, expiredMs, limit);

    public static Task<int> RemoveSkippedAsync(NpgsqlConnection connection, long expiredMs, int limit, CancellationToken cancellation) =>
        connection.ExecuteAsync(RemoveSkipped, cancellation, expiredMs, limit);

    public static Task<int> RemoveRevocationsAsync(NpgsqlConnection connection, long beforeMs, int limit, CancellationToken cancellation) =>
        connection.ExecuteAsync(RemoveRevocations, cancellation, beforeMs, limit);
}
