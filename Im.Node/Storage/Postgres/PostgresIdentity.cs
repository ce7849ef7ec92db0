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

    public static async Task<StoreIdentity> ReadAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var rows = await connection.QueryAsync(
            Identity, row => new StoreIdentity(row.GetString(0), row.GetString(1).Split(' ', StringSplitOptions.RemoveEmptyEntries), row.GetInt64(2)), cancellation).ConfigureAwait(false);
        return rows[0];
    }

    /// <summary>Inside a transaction.</summary>
    public static async Task<StoreIdentity> RenewAsync(NpgsqlConnection connection, string from, CancellationToken cancellation)
    {
        await connection.ExecuteAsync("SET LOCAL statement_timeout = 0", cancellation).ConfigureAwait(false);
        var command = new NpgsqlCommand(RenewScript.Postgres, connection) { CommandTimeout = 0 };
        await using (command.ConfigureAwait(false))
        {
            command.Parameters.AddWithValue("generation", GenerationName.New());
            command.Parameters.AddWithValue("from", from);
            await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        }

        return await ReadAsync(connection, cancellation).ConfigureAwait(false);
    }
}
