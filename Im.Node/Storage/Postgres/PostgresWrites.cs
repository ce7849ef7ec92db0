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

    private const string AddRevocation =
        """
        INSERT INTO revocation (number, app, user_id, token, before_ms)
        SELECT coalesce(max(number), 0) + 1, $1, $2, $3, $4 FROM revocation RETURNING number
        """;

    public static async Task<bool> ChangeEpochAsync(NpgsqlConnection connection, ConversationKey key, string from, string to, CancellationToken cancellation) =>
        (await connection.QueryAsync(MoveEpoch, row => row.GetInt64(0), cancellation, (long)key.App.Value, key.Conversation.Value, from, to).ConfigureAwait(false)).Count > 0;

    public static async Task SaveAsync(NpgsqlConnection connection, MarkBatch batch, CancellationToken cancellation)
    {
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

    public static async Task<Revocation?> RevokeAsync(NpgsqlConnection connection, AppId app, string? user, string? tokenId, long beforeMs, CancellationToken cancellation)
    {
        await connection.ExecuteAsync(LockRevocations, cancellation).ConfigureAwait(false);
        var numbers = await connection.QueryAsync(AddRevocation, row => row.GetInt64(0), cancellation, (long)app.Value, user, tokenId, beforeMs).ConfigureAwait(false);
        return new Revocation(numbers[0], app, user, tokenId, beforeMs);
    }

    private static TColumn[] Column<TRow, TColumn>(TRow[] rows, Func<TRow, TColumn> value) => Array.ConvertAll(rows, row => value(row));
}
