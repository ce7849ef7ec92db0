using Im.Node.Storage.Files;

namespace Im.Node.Storage.Sqlite;

/// <summary>Generation of the store, and a new one when its history is not the one that clients have seen.</summary>
internal static class SqliteIdentity
{
    private const string Meta = "SELECT value FROM meta WHERE name = ?1";

    private const string SetMeta = "INSERT INTO meta (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";

    public static StoreIdentity Read(SqliteDb db)
    {
        if (Value(db, "generation") is null) Set(db, "generation", GenerationName.New());
        return new StoreIdentity(Value(db, "generation")!, Value(db, "formerGenerations")?.Split(' ') ?? [], db.Scalar("SELECT max(change) FROM conversation"));
    }

    public static StoreIdentity Renew(SqliteDb db)
    {
        using var command = db.Connection.CreateCommand();
        command.CommandText = RenewScript.Sqlite;
        command.Parameters.AddWithValue("@generation", GenerationName.New());
        command.ExecuteNonQuery();
        return Read(db);
    }

    public static void Set(SqliteDb db, string name, string value) => db.Statement(SetMeta).Bind(1, name).Bind(2, value).Run();

    private static string? Value(SqliteDb db, string name) => db.Statement(Meta).Bind(1, name).ReadFirst(row => row.Text(0));
}
