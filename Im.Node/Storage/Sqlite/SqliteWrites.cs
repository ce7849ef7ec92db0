using System.Globalization;
using Im.Actors.Conversations.Store;
using Im.Node.Storage.Marks;
using Im.Protocol.Names;

namespace Im.Node.Storage.Sqlite;

/// <summary>Writes besides appends, each inside a transaction of the writer.</summary>
internal static class SqliteWrites
{
    private const string MoveEpoch = "UPDATE conversation SET epoch = ?4, change = ?5 WHERE app = ?1 AND conv = ?2 AND epoch = ?3 RETURNING id, head";

    private const string KeepReadMarks = "UPDATE read_mark SET epoch = ?3, mseq = min(mseq, ?4) WHERE conv = ?1 AND epoch = ?2";

    /// <summary>A mark of another epoch than the conversation's speaks of numbers that are no more.</summary>
    private const string SaveDelivered =
        """
        INSERT INTO cursor (conv, user_id, device, epoch, mseq)
        SELECT id, ?3, ?4, epoch, min(?6, head) FROM conversation WHERE app = ?1 AND conv = ?2 AND epoch = ?5
        ON CONFLICT (conv, user_id, device) DO UPDATE
        SET mseq = CASE WHEN epoch = excluded.epoch THEN max(mseq, excluded.mseq) ELSE excluded.mseq END, epoch = excluded.epoch
        """;

    /// <summary>
    /// A range begins behind what the device had acknowledged up to its end, of which the store may know more than who told the range; nothing is left of one
    /// whose end was acknowledged before, as a client tells it that begins anew with what it has read.
    /// </summary>
    private const string SaveSkipped =
        """
        INSERT INTO skipped (conv, user_id, device, epoch, to_mseq, from_mseq, expires)
        SELECT conv, ?3, ?4, epoch, to_mseq, from_mseq, ?8 FROM (
            SELECT c.id AS conv, c.epoch AS epoch, min(?7, c.head) AS to_mseq,
                1 + max(?6, coalesce((SELECT k.mseq FROM cursor k WHERE k.conv = c.id AND k.user_id = ?3 AND k.device = ?4 AND k.epoch = c.epoch AND k.mseq <= min(?7, c.head)), 0)) AS from_mseq
            FROM conversation c WHERE c.app = ?1 AND c.conv = ?2 AND c.epoch = ?5)
        WHERE from_mseq <= to_mseq
        ON CONFLICT (conv, user_id, device, epoch, to_mseq) DO UPDATE SET from_mseq = min(from_mseq, excluded.from_mseq), expires = excluded.expires
        """;

    private const string CountSkipped =
        """
        SELECT s.conv, count(*), min(s.from_mseq), max(s.to_mseq) FROM conversation c JOIN skipped s ON s.conv = c.id
        WHERE c.app = ?1 AND c.conv = ?2 AND s.user_id = ?3 AND s.device = ?4 AND s.epoch = ?5 GROUP BY s.conv
        """;

    private const string RemoveSkipped = "DELETE FROM skipped WHERE conv = ?1 AND user_id = ?2 AND device = ?3 AND epoch = ?4 AND to_mseq < ?5";

    private const string WidenSkipped = "UPDATE skipped SET from_mseq = ?6 WHERE conv = ?1 AND user_id = ?2 AND device = ?3 AND epoch = ?4 AND to_mseq = ?5";

    private const string SaveRead =
        """
        INSERT INTO read_mark (conv, user_id, epoch, mseq)
        SELECT id, ?3, epoch, min(?5, head) FROM conversation WHERE app = ?1 AND conv = ?2 AND epoch = ?4
        ON CONFLICT (conv, user_id) DO UPDATE
        SET mseq = CASE WHEN epoch = excluded.epoch THEN max(mseq, excluded.mseq) ELSE excluded.mseq END, epoch = excluded.epoch
        """;

    private const string SaveSeen = "INSERT INTO last_seen (app, user_id, ts) VALUES (?1, ?2, ?3) ON CONFLICT (app, user_id) DO UPDATE SET ts = max(ts, excluded.ts)";

    /// <summary>Of a user one is kept for ever, see <see cref="SqliteRetention"/>: the one that says the latest time.</summary>
    private const string RemoveOutdone =
        """
        DELETE FROM revocation WHERE app = ?1 AND user_id = ?2 AND number < ?3 AND before_ms > 0 AND (before_ms <= ?4 OR EXISTS (
            SELECT 1 FROM revocation o
            WHERE o.app = ?1 AND o.user_id = ?2 AND o.number < revocation.number AND o.before_ms >= revocation.before_ms AND o.number > (
                SELECT coalesce(max(l.number), 0) FROM revocation l WHERE l.app = ?1 AND l.user_id = ?2 AND l.before_ms <= 0)))
        """;

    /// <summary>What lifts all before it speaks for the earlier ones of its kind, too.</summary>
    private const string RemoveLifted = "DELETE FROM revocation WHERE app = ?1 AND user_id = ?2 AND number < ?3";

    private const string AddRevocation = "INSERT INTO revocation (app, user_id, token, before_ms, created) VALUES (?1, ?2, ?3, ?4, ?5) RETURNING number";

    /// <summary>A small write, to see whether the store takes any.</summary>
    public static bool Probe(SqliteDb db)
    {
        SqliteIdentity.Set(db, "probe", db.TotalChanges.ToString(CultureInfo.InvariantCulture));
        return true;
    }

    public static bool ChangeEpoch(SqliteDb db, ConversationKey key, string from, string to, long change)
    {
        var moved = db.Statement(MoveEpoch).Bind(1, key.App.Value).Bind(2, key.Conversation.Value).Bind(3, from).Bind(4, to).Bind(5, change)
            .ReadAll(row => (Id: row.Long(0), Head: row.Long(1)));
        foreach (var (id, head) in moved) db.Statement(KeepReadMarks).Bind(1, id).Bind(2, from).Bind(3, to).Bind(4, head).Run();
        return moved.Count > 0;
    }

    /// <param name="skipsExpireMs">Until when what was skipped is kept.</param>
    public static bool Save(SqliteDb db, MarkBatch batch, long skipsExpireMs)
    {
        foreach (var ((key, epoch), ranges) in batch.Skipped) SaveSkips(db, key, epoch, ranges, skipsExpireMs);
        foreach (var (key, mark) in batch.Delivered)
            db.Statement(SaveDelivered).Bind(1, key.App.Value).Bind(2, key.Conversation).Bind(3, key.User).Bind(4, key.Device).Bind(5, mark.Epoch).Bind(6, mark.Mseq).Run();
        foreach (var (key, mark) in batch.Read)
            db.Statement(SaveRead).Bind(1, key.App.Value).Bind(2, key.Conversation).Bind(3, key.User).Bind(4, mark.Epoch).Bind(5, mark.Mseq).Run();
        foreach (var ((app, user), timestamp) in batch.LastSeen)
            db.Statement(SaveSeen).Bind(1, app.Value).Bind(2, user).Bind(3, timestamp).Run();
        return true;
    }

    /// <summary>Many ranges of one device become one, from the first to the last.</summary>
    private static void SaveSkips(SqliteDb db, DeviceKey key, string epoch, SkippedRanges ranges, long expiresMs)
    {
        foreach (var range in ranges.All)
        {
            db.Statement(SaveSkipped).Bind(1, key.App.Value).Bind(2, key.Conversation).Bind(3, key.User).Bind(4, key.Device).Bind(5, epoch)
                .Bind(6, range.Acked).Bind(7, range.To).Bind(8, expiresMs).Run();
        }

        var kept = db.Statement(CountSkipped).Bind(1, key.App.Value).Bind(2, key.Conversation).Bind(3, key.User).Bind(4, key.Device).Bind(5, epoch)
            .ReadAll(row => (Conversation: row.Long(0), Count: row.Long(1), From: row.Long(2), To: row.Long(3)));
        foreach (var all in kept.Where(all => all.Count > SkippedRanges.MaxCount))
        {
            db.Statement(RemoveSkipped).Bind(1, all.Conversation).Bind(2, key.User).Bind(3, key.Device).Bind(4, epoch).Bind(5, all.To).Run();
            db.Statement(WidenSkipped).Bind(1, all.Conversation).Bind(2, key.User).Bind(3, key.Device).Bind(4, epoch).Bind(5, all.To).Bind(6, all.From).Run();
        }
    }

    public static Revocation? Revoke(SqliteDb db, AppId app, string? user, string? tokenId, long beforeMs, long nowMs)
    {
        var numbers = db.Statement(AddRevocation).Bind(1, app.Value).Bind(2, user).Bind(3, tokenId).Bind(4, beforeMs).Bind(5, nowMs).ReadAll(row => row.Long(0));
        if (user is null) return new Revocation(numbers[0], app, user, tokenId, beforeMs);
        if (beforeMs > 0) db.Statement(RemoveOutdone).Bind(1, app.Value).Bind(2, user).Bind(3, numbers[0]).Bind(4, beforeMs).Run();
        else db.Statement(RemoveLifted).Bind(1, app.Value).Bind(2, user).Bind(3, numbers[0]).Run();
        return new Revocation(numbers[0], app, user, tokenId, beforeMs);
    }
}
