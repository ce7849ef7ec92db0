using Im.Actors.Conversations.Store;
using Im.Protocol.Names;
using Npgsql;

namespace Im.Node.Storage.Postgres;

/// <summary>Reads that are not of one conversation's records.</summary>
internal static class PostgresNodeReads
{
    /// <summary>Revocations that one poll brings; the next poll goes on from there.</summary>
    private const int MaxRevocations = 10_000;

    private const string HeadColumns = "app, conv, epoch, head, change, last_ts";

    private const string ChangedRows =
        $"""
        (SELECT {HeadColumns} FROM conversation WHERE change > $1 ORDER BY change LIMIT $3)
        UNION
        (SELECT {HeadColumns} FROM conversation WHERE last_ts >= $2 ORDER BY change LIMIT $3)
        ORDER BY change LIMIT $3
        """;

    private const string NamedHeads = $"SELECT {HeadColumns} FROM conversation WHERE app = $1 AND conv = ANY ($2::text[])";

    /// <summary>Who went on without it does not have it, whatever its cursor says; and of a record that retention removed nobody is said to have it.</summary>
    private const string FindDelivery =
        """
        SELECT d.mid, d.user_id, c.conv, d.epoch, d.mseq, d.expires,
            ARRAY (
                SELECT k.device FROM cursor k
                WHERE k.conv = d.conv AND k.user_id = d.user_id AND k.epoch = d.epoch AND k.mseq >= d.mseq AND d.mseq >= c.first
                    AND NOT EXISTS (
                        SELECT FROM skipped s
                        WHERE s.conv = k.conv AND s.user_id = k.user_id AND s.device = k.device AND s.epoch = k.epoch AND d.mseq BETWEEN s.from_mseq AND s.to_mseq)
                ORDER BY k.device)
        FROM delivery d JOIN conversation c ON c.id = d.conv WHERE d.app = $1 AND d.mid = $2 AND d.expires > $3
        """;

    private const string SeenUsers = "SELECT user_id, ts FROM last_seen WHERE app = $1 AND user_id = ANY ($2::text[])";

    private const string RevocationsAbove = "SELECT number, app, user_id, token, before_ms FROM revocation WHERE number > $1 ORDER BY number LIMIT $2";

    public static async Task<IReadOnlyList<ChangedHead>?> ChangedAsync(NpgsqlConnection connection, long afterChange, long sinceMs, int limit, CancellationToken cancellation) =>
        await connection.QueryAsync(ChangedRows, Head, cancellation, afterChange, sinceMs, limit).ConfigureAwait(false);

    public static async Task<IReadOnlyList<ChangedHead>?> HeadsAsync(NpgsqlConnection connection, AppId app, IEnumerable<string> conversations, CancellationToken cancellation) =>
        await connection.QueryAsync(NamedHeads, Head, cancellation, (long)app.Value, conversations.ToArray()).ConfigureAwait(false);

    public static async Task<DeliveryRow?> DeliveryAsync(NpgsqlConnection connection, AppId app, string messageId, long nowMs, CancellationToken cancellation)
    {
        var rows = await connection.QueryAsync(
            FindDelivery,
            row => new DeliveryRow(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetInt64(4), row.GetInt64(5), row.GetFieldValue<string[]>(6)),
            cancellation,
            (long)app.Value,
            messageId,
            nowMs).ConfigureAwait(false);
        return rows is [var found] ? found : null;
    }

    public static async Task<IReadOnlyDictionary<string, long>?> LastSeenAsync(NpgsqlConnection connection, AppId app, IEnumerable<string> users, CancellationToken cancellation) =>
        (await connection.QueryAsync(SeenUsers, row => (row.GetString(0), row.GetInt64(1)), cancellation, (long)app.Value, users.ToArray()).ConfigureAwait(false)).ToDictionary();

    public static async Task<IReadOnlyList<Revocation>?> RevocationsAsync(NpgsqlConnection connection, long afterNumber, CancellationToken cancellation) =>
        await connection.QueryAsync(
            RevocationsAbove,
            row => new Revocation(row.GetInt64(0), new AppId((uint)row.GetInt64(1)), row.TextOrNull(2), row.TextOrNull(3), row.GetInt64(4)),
            cancellation,
            afterNumber,
            MaxRevocations).ConfigureAwait(false);

    private static ChangedHead Head(NpgsqlDataReader row) =>
        new(new ConversationKey(new AppId((uint)row.GetInt64(0)), new ConversationId(row.GetString(1))), row.GetString(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5));
}
