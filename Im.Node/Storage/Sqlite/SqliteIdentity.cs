using Im.Node.Storage.Files;

namespace Im.Node.Storage.Sqlite;

/// <summary>Generation of the store, and a new one when its history is not the one that clients have seen.</summary>
internal static class SqliteIdentity
{
    private const string Meta = "SELECT value FROM meta WHERE name = ?1";

    private const string SetMeta = "INSERT INTO meta (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";

    /// <summary>The records up to the marks are the same, so what was read stays read.</summary>
    private const string MoveReadMarks = "UPDATE read_mark SET epoch = ?1 WHERE epoch = (SELECT epoch FROM conversation WHERE id = conv)";

    private const string MoveEpochs = "UPDATE conversation SET epoch = ?1, change = change + ?2";

    public static StoreIdentity Read(SqliteDb db)
    {
        if (Value(db, "generation") is null) Set(db, "generation", GenerationName.New());
        return new StoreIdentity(Value(db, "generation")!, Value(db, "formerGenerations")?.Split(' ') ?? [], db.Scalar("SELECT max(change) FROM conversation"));
    }

    public static StoreIdentity Renew(SqliteDb db)
    {
        var old = Read(db);
        var generation = GenerationName.New();
        db.Statement(MoveReadMarks).Bind(1, generation).Run();
        db.Statement(MoveEpochs).Bind(1, generation).Bind(2, old.Change).Run();
        Set(db, "formerGenerations", string.Join(' ', [.. old.FormerGenerations, old.Generation]));
        Set(db, "generation", generation);
        return Read(db);
    }

    public static void Set(SqliteDb db, string name, string value) => db.Statement(SetMeta).Bind(1, name).Bind(2, value).Run();

    private static string? Value(SqliteDb db, string name) => db.Statement(Meta).Bind(1, name).ReadFirst(row => row.Text(0));
}
