using Im.Node.Storage.Retention;
using Im.Protocol.Names;

namespace Im.Node.Storage.Sqlite;

/// <summary>The statements of a sweep.</summary>
internal static class SqliteRetention
{
    private const string Rows =
        """
        SELECT c.id, c.conv, c.first, c.head, coalesce((SELECT ts FROM message WHERE conv = c.id AND mseq = c.first), 0)
        FROM conversation c WHERE c.id > ?1 AND c.first <= c.head ORDER BY c.id LIMIT ?2
        """;

    /// <summary>Time stamps do not go back inside a conversation, so what is too old is a prefix.</summary>
    private const string LastExpired =
        """
        SELECT max(mseq) FROM (
            SELECT m.mseq, m.ts FROM conversation c JOIN message m ON m.conv = c.id AND m.mseq BETWEEN c.first AND c.head WHERE c.id = ?1 ORDER BY m.mseq LIMIT ?4)
        WHERE mseq <= ?2 OR ts < ?3
        """;

    private const string RemoveRecords = "DELETE FROM message WHERE conv = ?1 AND mseq <= ?2";

    private const string MoveFirst = "UPDATE conversation SET first = ?2 WHERE id = ?1 AND first < ?2";

    /// <summary>The oldest rows are looked at, no others: without one to remove this costs nothing.</summary>
    private const string RemoveCids = "DELETE FROM cid WHERE id IN (SELECT id FROM (SELECT id, ts FROM cid ORDER BY id LIMIT ?2) WHERE ts < ?1)";

    private const string RemoveDeliveries = "DELETE FROM delivery WHERE id IN (SELECT id FROM (SELECT id, expires FROM delivery ORDER BY id LIMIT ?2) WHERE expires <= ?1)";

    private const string RemoveSkipped =
        """
        DELETE FROM skipped WHERE (conv, user_id, device, epoch, to_mseq) IN (
            SELECT conv, user_id, device, epoch, to_mseq FROM skipped WHERE expires <= ?1 ORDER BY expires LIMIT ?2)
        """;

    /// <summary>
    /// Those of single tokens that have ended, those of a user that were lifted later, and what lifted them once none of these is left. The newest stays
    /// in any case: numbers go on from it.
    /// </summary>
    private const string RemoveRevocations =
        """
        DELETE FROM revocation WHERE number < (SELECT max(number) FROM revocation) AND number IN (
            SELECT number FROM revocation WHERE before_ms > 0 AND before_ms < ?1 AND user_id IS NULL
            UNION
            SELECT r.number FROM revocation l JOIN revocation r ON r.app = l.app AND r.user_id = l.user_id AND r.number < l.number WHERE l.before_ms <= 0
            UNION
            SELECT l.number FROM revocation l WHERE l.before_ms <= 0 AND l.created < ?1 AND NOT EXISTS (
                SELECT 1 FROM revocation r WHERE r.app = l.app AND r.user_id = l.user_id AND r.number < l.number)
            LIMIT ?2)
        """;

    public static IReadOnlyList<SweepRow> ReadRows(SqliteDb db, long afterId, int limit) =>
        db.Statement(Rows).Bind(1, afterId).Bind(2, limit).ReadAll(row => new SweepRow(row.Long(0), new ConversationId(row.Text(1)), row.Long(2), row.Long(3), row.Long(4)));

    public static int Remove(SqliteDb db, ExpiredPrefix expired, int limit)
    {
        var last = db.Statement(LastExpired).Bind(1, expired.Id).Bind(2, expired.UpTo).Bind(3, expired.BeforeMs).Bind(4, limit).ReadFirst(row => row.LongOrNull(0));
        if (last is not { } mseq) return 0;
        var removed = db.Statement(RemoveRecords).Bind(1, expired.Id).Bind(2, mseq).Run();
        db.Statement(MoveFirst).Bind(1, expired.Id).Bind(2, mseq + 1).Run();
        return removed;
    }

    public static int RemoveTheCids(SqliteDb db, long beforeMs, int limit) => db.Statement(RemoveCids).Bind(1, beforeMs).Bind(2, limit).Run();

    public static int RemoveTheDeliveries(SqliteDb db, long expiredMs, int limit) => db.Statement(RemoveDeliveries).Bind(1, expiredMs).Bind(2, limit).Run();

    public static int RemoveTheSkipped(SqliteDb db, long expiredMs, int limit) => db.Statement(RemoveSkipped).Bind(1, expiredMs).Bind(2, limit).Run();

    public static int RemoveTheRevocations(SqliteDb db, long beforeMs, int limit) => db.Statement(RemoveRevocations).Bind(1, beforeMs).Bind(2, limit).Run();
}
