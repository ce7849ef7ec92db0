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

    private const string SaveRead =
        """
        INSERT INTO read_mark (conv, user_id, epoch, mseq)
        SELECT id, ?3, epoch, min(?5, head) FROM conversation WHERE app = ?1 AND conv = ?2 AND epoch = ?4
        ON CONFLICT (conv, user_id) DO UPDATE
        SET mseq = CASE WHEN epoch = excluded.epoch THEN max(mseq, excluded.mseq) ELSE excluded.mseq END, epoch = excluded.epoch
        """;

    private const string SaveSeen = "INSERT INTO last_seen (app, user_id, ts) VALUES (?1, ?2, ?3) ON CONFLICT (app, user_id) DO UPDATE SET ts = max(ts, excluded.ts)";

    private const string AddRevocation = "INSERT INTO revocation (app, user_id, token, before_ms) VALUES (?1, ?2, ?3, ?4) RETURNING number";

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

    public static bool Save(SqliteDb db, MarkBatch batch)
    {
        foreach (var (key, mark) in batch.Delivered)
            db.Statement(SaveDelivered).Bind(1, key.App.Value).Bind(2, key.Conversation).Bind(3, key.User).Bind(4, key.Device).Bind(5, mark.Epoch).Bind(6, mark.Mseq).Run();
        foreach (var (key, mark) in batch.Read)
            db.Statement(SaveRead).Bind(1, key.App.Value).Bind(2, key.Conversation).Bind(3, key.User).Bind(4, mark.Epoch).Bind(5, mark.Mseq).Run();
        foreach (var ((app, user), timestamp) in batch.LastSeen)
            db.Statement(SaveSeen).Bind(1, app.Value).Bind(2, user).Bind(3, timestamp).Run();
        return true;
    }

    public static Revocation? Revoke(SqliteDb db, AppId app, string? user, string? tokenId, long beforeMs)
    {
        var numbers = db.Statement(AddRevocation).Bind(1, app.Value).Bind(2, user).Bind(3, tokenId).Bind(4, beforeMs).ReadAll(row => row.Long(0));
        return new Revocation(numbers[0], app, user, tokenId, beforeMs);
    }
}
