using Im.Node.Storage.Files;
using Npgsql;

namespace Im.Node.Storage.Postgres;

/// <summary>Generation of the store, and a new one when its history is not the one that clients have seen.</summary>
internal static class PostgresIdentity
{
    private const string Identity =
        """
        SELECT g.value, coalesce(f.value, ''), coalesce((SELECT max(change) FROM conversation), 0)
        FROM meta g LEFT JOIN meta f ON f.name = 'formerGenerations' WHERE g.name = 'generation'
        """;

    /// <summary>One node renews; the others that want to find that it is done.</summary>
    private const string MoveGeneration = "UPDATE meta SET value = $2 WHERE name = 'generation' AND value = $1";

    private const string KeepFormer =
        "INSERT INTO meta (name, value) VALUES ('formerGenerations', $1) ON CONFLICT (name) DO UPDATE SET value = meta.value || ' ' || excluded.value";

    /// <summary>The records up to the marks are the same, so what was read stays read.</summary>
    private const string MoveReadMarks = "UPDATE read_mark r SET epoch = $1 FROM conversation c WHERE c.id = r.conv AND c.epoch = r.epoch";

    private const string MoveEpochs = "UPDATE conversation SET epoch = $1, change = nextval('conversation_change')";

    public static async Task<StoreIdentity> ReadAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var rows = await connection.QueryAsync(
            Identity, row => new StoreIdentity(row.GetString(0), row.GetString(1).Split(' ', StringSplitOptions.RemoveEmptyEntries), row.GetInt64(2)), cancellation).ConfigureAwait(false);
        return rows[0];
    }

    /// <summary>Inside a transaction.</summary>
    public static async Task<StoreIdentity> RenewAsync(NpgsqlConnection connection, string from, CancellationToken cancellation)
    {
        var generation = GenerationName.New();
        if (await connection.ExecuteAsync(MoveGeneration, cancellation, from, generation).ConfigureAwait(false) == 1)
        {
            await connection.ExecuteAsync(KeepFormer, cancellation, from).ConfigureAwait(false);
            await connection.ExecuteAsync(MoveReadMarks, cancellation, generation).ConfigureAwait(false);
            await connection.ExecuteAsync(MoveEpochs, cancellation, generation).ConfigureAwait(false);
        }

        return await ReadAsync(connection, cancellation).ConfigureAwait(false);
    }
}
