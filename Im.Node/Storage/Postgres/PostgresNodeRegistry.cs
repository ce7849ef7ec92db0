using Im.Node.Clustering.Formation;
using Npgsql;

namespace Im.Node.Storage.Postgres;

/// <summary>The members in a table of the shared store, over one connection of its own: it must answer while the others are busy.</summary>
internal sealed class PostgresNodeRegistry(StoreSettings settings) : INodeRegistry, IAsyncDisposable
{
    private const int TimeoutSeconds = 2;
    private const int MembersMaxCount = 1_000;

    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(settings.ConnectionString)
    {
        ApplicationName = "im-nodes",
        MaxPoolSize = 1,
        MinPoolSize = 0,
        Timeout = TimeoutSeconds,
        CommandTimeout = TimeoutSeconds,
        CancellationTimeout = -1,
        IncludeErrorDetail = false,
    }.ConnectionString);

    public Task<bool> TouchAsync(string address, CancellationToken cancellation) => RunAsync(
        async connection => await connection.ExecuteAsync(
            "INSERT INTO node (address, seen) VALUES ($1, clock_timestamp()) ON CONFLICT (address) DO UPDATE SET seen = clock_timestamp()", cancellation, address).ConfigureAwait(false) > 0,
        false,
        cancellation);

    public Task<bool> RemoveAsync(string address, CancellationToken cancellation) => RunAsync(
        async connection => await connection.ExecuteAsync("DELETE FROM node WHERE address = $1", cancellation, address).ConfigureAwait(false) >= 0,
        false,
        cancellation);

    public Task<IReadOnlyList<string>?> ReadAsync(TimeSpan within, CancellationToken cancellation) => RunAsync<IReadOnlyList<string>?>(
        async connection => await connection.QueryAsync(
            "SELECT address FROM node WHERE seen > clock_timestamp() - $1 ORDER BY address LIMIT $2", row => row.GetString(0), cancellation, within, MembersMaxCount).ConfigureAwait(false),
        null,
        cancellation);

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private async Task<T> RunAsync<T>(Func<NpgsqlConnection, Task<T>> work, T unavailable, CancellationToken cancellation)
    {
        try
        {
            var connection = await _source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
            await using (connection.ConfigureAwait(false)) return await work(connection).ConfigureAwait(false);
        }
        catch (Exception failure) when (PostgresFailures.IsStore(failure))
        {
            return unavailable;
        }
    }
}
