using Im.Actors.Conversations.Store;
using Im.Node.Storage.Marks;
using Im.Protocol.Names;
using Npgsql;

namespace Im.Node.Storage.Postgres;

/// <summary>Writes besides appends. Each is one statement, or runs in its caller's transaction.</summary>
internal static class PostgresWrites
{
    private const string MoveEpoch =
        """
        WITH moved AS (
            UPDATE conversation SET epoch = $4, change = nextval('conversation_change') WHERE app = $1 AND conv = $2 AND epoch = $3 RETURNING id, head
        ), kept AS (
            UPDATE read_mark r SET epoch = $4, mseq = least(r.mseq, m.head) FROM moved m WHERE r.conv = m.id AND r.epoch = $3
        )
        SELECT id FROM moved
        """;

    /// <summary>A mark of another epoch than the conversation's speaks of numbers that are no more. Rows are taken in the order of their keys.</summary>
    private const string SaveDelivered =
        """
        INSERT INTO cursor (conv, user_id, device, epoch, mseq)
        SELECT c.id, a.user_id, a.device, c.epoch, least(a.mseq, c.head)
        FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[]) AS a (app, conv, user_id, device, epoch, mseq)
        JOIN conversation c ON c.app = a.app AND c.conv = a.conv AND c.epoch = a.epoch
        ORDER BY c.id, a.user_id COLLATE "C", a.device COLLATE "C"
        ON CONFLICT (conv, user_id, device) DO UPDATE
        SET mseq = CASE WHEN cursor.epoch = excluded.epoch THEN greatest(cursor.mseq, excluded.mseq) ELSE excluded.mseq END, epoch = excluded.epoch
        """;

    /// <summary>
    /// A range begins behind what the device had acknowledged up to its end, of which the store may know more than who told the range; nothing is left of one
    /// whose end was acknowledged before, as a client tells it that begins anew with what it has read.
    /// </summary>
    private const string SaveSkipped =
        """
        INSERT INTO skipped (conv, user_id, device, epoch, to_mseq, from_mseq, expires)
        SELECT r.conv, r.user_id, r.device, r.epoch, r.to_mseq, 1 + min(greatest(r.acked, coalesce(k.mseq, 0))), $8
        FROM (
            SELECT c.id AS conv, a.user_id COLLATE "C" AS user_id, a.device COLLATE "C" AS device, c.epoch, least(a.to_mseq, c.head) AS to_mseq, a.acked
            FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::bigint[]) AS a (app, conv, user_id, device, epoch, acked, to_mseq)
            JOIN conversation c ON c.app = a.app AND c.conv = a.conv AND c.epoch = a.epoch) r
        LEFT JOIN cursor k ON k.conv = r.conv AND k.user_id = r.user_id AND k.device = r.device AND k.epoch = r.epoch AND k.mseq <= r.to_mseq
        GROUP BY 1, 2, 3, 4, 5 HAVING min(greatest(r.acked, coalesce(k.mseq, 0))) < r.to_mseq ORDER BY 1, 2, 3, 4, 5
        ON CONFLICT (conv, user_id, device, epoch, to_mseq) DO UPDATE SET from_mseq = least(skipped.from_mseq, excluded.from_mseq), expires = excluded.expires
        """;

    /// <summary>Many ranges of one device become one, from the first to the last.</summary>
    private const string MergeSkipped =
        """
        WITH many AS (
            SELECT s.conv, s.user_id, s.device, s.epoch, min(s.from_mseq) AS from_mseq, max(s.to_mseq) AS to_mseq
            FROM (
                SELECT DISTINCT c.id, a.user_id, a.device, a.epoch
                FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[]) AS a (app, conv, user_id, device, epoch)
                JOIN conversation c ON c.app = a.app AND c.conv = a.conv) told
            JOIN skipped s ON s.conv = told.id AND s.user_id = told.user_id AND s.device = told.device AND s.epoch = told.epoch
            GROUP BY 1, 2, 3, 4 HAVING count(*) > $6
        ), widened AS (
            UPDATE skipped s SET from_mseq = m.from_mseq FROM many m
            WHERE s.conv = m.conv AND s.user_id = m.user_id AND s.device = m.device AND s.epoch = m.epoch AND s.to_mseq = m.to_mseq
        )
        DELETE FROM skipped s USING many m
        WHERE s.conv = m.conv AND s.user_id = m.user_id AND s.device = m.device AND s.epoch = m.epoch AND s.to_mseq < m.to_mseq
        """;

    private const string SaveRead =
        """
        INSERT INTO read_mark (conv, user_id, epoch, mseq)
        SELECT c.id, a.user_id, c.epoch, least(a.mseq, c.head)
        FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::bigint[]) AS a (app, conv, user_id, epoch, mseq)
        JOIN conversation c ON c.app = a.app AND c.conv = a.conv AND c.epoch = a.epoch
        ORDER BY c.id, a.user_id COLLATE "C"
        ON CONFLICT (conv, user_id) DO UPDATE
        SET mseq = CASE WHEN read_mark.epoch = excluded.epoch THEN greatest(read_mark.mseq, excluded.mseq) ELSE excluded.mseq END, epoch = excluded.epoch
        """;

    private const string SaveSeen =
        """
        INSERT INTO last_seen (app, user_id, ts)
        SELECT * FROM unnest($1::bigint[], $2::text[], $3::bigint[]) AS a (app, user_id, ts) ORDER BY a.app, a.user_id COLLATE "C"
        ON CONFLICT (app, user_id) DO UPDATE SET ts = greatest(last_seen.ts, excluded.ts)
        """;

    /// <summary>Revocations become visible in the order of their numbers, so that a poll by number misses none.</summary>
    private const string LockRevocations = "LOCK TABLE revocation IN SHARE ROW EXCLUSIVE MODE";

    /// <summary>Of a user one is kept for ever, see <see cref="PostgresRetention"/>: the one that says the latest time.</summary>
    private const string RemoveOutdone =
        """
        DELETE FROM revocation WHERE app = $1 AND user_id = $2 AND number < $3 AND before_ms > 0 AND (before_ms <= $4 OR EXISTS (
            SELECT 1 FROM revocation o
            WHERE o.app = $1 AND o.user_id = $2 AND o.number < revocation.number AND o.before_ms >= revocation.before_ms AND o.number > (
                SELECT coalesce(max(l.number), 0) FROM revocation l WHERE l.app = $1 AND l.user_id = $2 AND l.before_ms <= 0)))
        """;

    /// <summary>What lifts all before it speaks for the earlier ones of its kind, too.</summary>
    private const string RemoveLifted = "DELETE FROM revocation WHERE app = $1 AND user_id = $2 AND number < $3";

    private const string AddRevocation =
        """
        INSERT INTO revocation (number, app, user_id, token, before_ms, created)
        SELECT coalesce(max(number), 0) + 1, $1, $2, $3, $4, $5 FROM revocation RETURNING number
        """;

    public static async Task<bool> ChangeEpochAsync(NpgsqlConnection connection, ConversationKey key, string from, string to, CancellationToken cancellation) =>
        (await connection.QueryAsync(MoveEpoch, row => row.GetInt64(0), cancellation, (long)key.App.Value, key.Conversation.Value, from, to).ConfigureAwait(false)).Count > 0;

    /// <param name="skipsExpireMs">Until when what was skipped is kept.</param>
    public static async Task SaveAsync(NpgsqlConnection connection, MarkBatch batch, long skipsExpireMs, CancellationToken cancellation)
    {
        if (batch.Skipped.Count > 0) await SaveSkipsAsync(connection, batch, skipsExpireMs, cancellation).ConfigureAwait(false);
        var (delivered, read, seen) = (batch.Delivered.ToArray(), batch.Read.ToArray(), batch.LastSeen.ToArray());
        if (delivered.Length > 0)
        {
            await connection.ExecuteAsync(
                SaveDelivered,
                cancellation,
                Column(delivered, mark => (long)mark.Key.App.Value),
                Column(delivered, mark => mark.Key.Conversation),
                Column(delivered, mark => mark.Key.User),
                Column(delivered, mark => mark.Key.Device),
                Column(delivered, mark => mark.Value.Epoch),
                Column(delivered, mark => mark.Value.Mseq)).ConfigureAwait(false);
        }

        if (read.Length > 0)
        {
            await connection.ExecuteAsync(
                SaveRead,
                cancellation,
                Column(read, mark => (long)mark.Key.App.Value),
                Column(read, mark => mark.Key.Conversation),
                Column(read, mark => mark.Key.User),
                Column(read, mark => mark.Value.Epoch),
                Column(read, mark => mark.Value.Mseq)).ConfigureAwait(false);
        }

        if (seen.Length > 0)
        {
            await connection.ExecuteAsync(
                SaveSeen, cancellation, Column(seen, user => (long)user.Key.App.Value), Column(seen, user => user.Key.User), Column(seen, user => user.Value)).ConfigureAwait(false);
        }
    }

    public static async Task<Revocation?> RevokeAsync(NpgsqlConnection connection, AppId app, string? user, string? tokenId, long beforeMs, long nowMs, CancellationToken cancellation)
    {
        await connection.ExecuteAsync(LockRevocations, cancellation).ConfigureAwait(false);
        var numbers = await connection.QueryAsync(AddRevocation, row => row.GetInt64(0), cancellation, (long)app.Value, user, tokenId, beforeMs, nowMs).ConfigureAwait(false);
        if (user is null) return new Revocation(numbers[0], app, user, tokenId, beforeMs);
        if (beforeMs > 0) await connection.ExecuteAsync(RemoveOutdone, cancellation, (long)app.Value, user, numbers[0], beforeMs).ConfigureAwait(false);
        else await connection.ExecuteAsync(RemoveLifted, cancellation, (long)app.Value, user, numbers[0]).ConfigureAwait(false);
        return new Revocation(numbers[0], app, user, tokenId, beforeMs);
    }

    private static async Task SaveSkipsAsync(NpgsqlConnection connection, MarkBatch batch, long expiresMs, CancellationToken cancellation)
    {
        var skips = batch.Skipped.SelectMany(skipped => skipped.Value.All, (skipped, range) => (skipped.Key.Device, skipped.Key.Epoch, Range: range)).ToArray();
        var (apps, conversations) = (Column(skips, skip => (long)skip.Device.App.Value), Column(skips, skip => skip.Device.Conversation));
        var (users, devices, epochs) = (Column(skips, skip => skip.Device.User), Column(skips, skip => skip.Device.Device), Column(skips, skip => skip.Epoch));
        await connection.ExecuteAsync(
            SaveSkipped, cancellation, apps, conversations, users, devices, epochs, Column(skips, skip => skip.Range.Acked), Column(skips, skip => skip.Range.To), expiresMs).ConfigureAwait(false);
        await connection.ExecuteAsync(MergeSkipped, cancellation, apps, conversations, users, devices, epochs, (long)SkippedRanges.MaxCount).ConfigureAwait(false);
    }

    private static TColumn[] Column<TRow, TColumn>(TRow[] rows, Func<TRow, TColumn> value) => Array.ConvertAll(rows, row => value(row));
}
