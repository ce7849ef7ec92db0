using System.Text.Json;
using Im.Actors.Conversations.Store;
using Im.Protocol.Names;

namespace Im.Node.Storage.Sqlite;

/// <summary>Reads that are not of one conversation's records.</summary>
internal static class SqliteNodeReads
{
    /// <summary>Revocations that one poll brings; the next poll goes on from there.</summary>
    private const int MaxRevocations = 10_000;

    private const string HeadColumns = "app, conv, epoch, head, change, last_ts";

    private const string ChangedRows =
        $"""
        SELECT * FROM (
            SELECT * FROM (SELECT {HeadColumns} FROM conversation WHERE change > ?1 ORDER BY change LIMIT ?3)
            UNION
            SELECT * FROM (SELECT {HeadColumns} FROM conversation INDEXED BY conversation_last_ts WHERE last_ts >= ?2 ORDER BY change LIMIT ?3))
        ORDER BY change LIMIT ?3
        """;

    private const string NamedHeads = $"SELECT {HeadColumns} FROM conversation WHERE app = ?1 AND conv IN (SELECT value FROM json_each(?2))";

    private const string FindDelivery =
        """
        SELECT d.mid, d.user_id, c.conv, d.epoch, d.mseq, d.expires, d.conv FROM delivery d JOIN conversation c ON c.id = d.conv
        WHERE d.app = ?1 AND d.mid = ?2 AND d.expires > ?3
        """;

    /// <summary>Who went on without it does not have it, whatever its cursor says; and of a record that retention removed nobody is said to have it.</summary>
    private const string AckedDevices =
        """
        SELECT k.device FROM cursor k WHERE k.conv = ?1 AND k.user_id = ?2 AND k.epoch = ?3 AND k.mseq >= ?4
            AND ?4 >= (SELECT first FROM conversation WHERE id = ?1)
            AND NOT EXISTS (
                SELECT 1 FROM skipped s
                WHERE s.conv = k.conv AND s.user_id = k.user_id AND s.device = k.device AND s.epoch = k.epoch AND ?4 BETWEEN s.from_mseq AND s.to_mseq)
        ORDER BY k.device
        """;

    private const string SeenUsers = "SELECT user_id, ts FROM last_seen WHERE app = ?1 AND user_id IN (SELECT value FROM json_each(?2))";

    private const string RevocationsAbove = "SELECT number, app, user_id, token, before_ms FROM revocation WHERE number > ?1 ORDER BY number LIMIT ?2";

    public static IReadOnlyList<ChangedHead> Changed(SqliteDb db, long afterChange, long sinceMs, int limit) =>
        db.Statement(ChangedRows).Bind(1, afterChange).Bind(2, sinceMs).Bind(3, limit).ReadAll(Head);

    public static IReadOnlyList<ChangedHead> Heads(SqliteDb db, AppId app, IEnumerable<string> conversations) =>
        db.Statement(NamedHeads).Bind(1, app.Value).Bind(2, JsonSerializer.Serialize(conversations)).ReadAll(Head);

    public static DeliveryRow? Delivery(SqliteDb db, AppId app, string messageId, long nowMs)
    {
        var found = db.Statement(FindDelivery).Bind(1, app.Value).Bind(2, messageId).Bind(3, nowMs).ReadFirst(row =>
            (Conversation: row.Long(6), Row: new DeliveryRow(row.Text(0), row.Text(1), row.Text(2), row.Text(3), row.Long(4), row.Long(5), [])));
        if (found.Row is not { } delivery) return null;
        return delivery with
        {
            Acked = db.Statement(AckedDevices).Bind(1, found.Conversation).Bind(2, delivery.User).Bind(3, delivery.Epoch).Bind(4, delivery.Mseq).ReadAll(row => row.Text(0)),
        };
    }

    public static IReadOnlyDictionary<string, long> LastSeen(SqliteDb db, AppId app, IEnumerable<string> users) =>
        db.Statement(SeenUsers).Bind(1, app.Value).Bind(2, JsonSerializer.Serialize(users)).ReadAll(row => (row.Text(0), row.Long(1))).ToDictionary();

    public static IReadOnlyList<Revocation> Revocations(SqliteDb db, long afterNumber) =>
        db.Statement(RevocationsAbove).Bind(1, afterNumber).Bind(2, MaxRevocations)
            .ReadAll(row => new Revocation(row.Long(0), new AppId((uint)row.Long(1)), row.TextOrNull(2), row.TextOrNull(3), row.Long(4)));

    private static ChangedHead Head(SqliteStatement row) =>
        new(new ConversationKey(new AppId((uint)row.Long(0)), new ConversationId(row.Text(1))), row.Text(2), row.Long(3), row.Long(4), row.Long(5));
}
