using System.Reflection;
using DbUp;
using Npgsql;

namespace Im.Node.Storage.Postgres;

/// <summary>Brings the schema up to date: numbered scripts, each once, by one node at a time.</summary>
internal static class Migrations
{
    /// <summary>Any number that no other program is likely to lock.</summary>
    private const long LockNumber = 0x494D_414B_4B41;

    /// <summary>Makes the generation too, when there is none yet.</summary>
    public static async Task ApplyAsync(string connectionString, CancellationToken cancellation)
    {
        connectionString = new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = "im-migrations", Pooling = false }.ConnectionString;
        var connection = new NpgsqlConnection(connectionString);
        await using (connection.ConfigureAwait(false))
        {
            await connection.OpenAsync(cancellation).ConfigureAwait(false);
            await connection.ExecuteAsync("SELECT pg_advisory_lock($1)", cancellation, LockNumber).ConfigureAwait(false);
            Upgrade(connectionString);
            await connection.ExecuteAsync(
                "INSERT INTO meta (name, value) SELECT 'generation', $1 WHERE NOT EXISTS (SELECT FROM meta WHERE name = 'generation')", cancellation, GenerationName.New()).ConfigureAwait(false);
            await connection.ExecuteAsync("SELECT pg_advisory_unlock($1)", cancellation, LockNumber).ConfigureAwait(false);
        }
    }

    private static void Upgrade(string connectionString)
    {
        var result = DeployChanges.To.PostgresqlDatabase(connectionString)
            .WithScriptsEmbeddedInAssembly(Assembly.GetExecutingAssembly(), name => name.Contains(".Storage.Postgres.Scripts.", StringComparison.Ordinal))
            .WithTransactionPerScript()
            .LogToNowhere()
            .Build()
            .PerformUpgrade();
        if (!result.Successful) throw result.Error;
    }
}
