using Npgsql;

namespace Im.Node.Storage.Postgres;

/// <summary>
/// The connections: those that write wait for locks at most a second and for the disk always, those that read are ended after
/// a second. Settings of the session are made once per connection and survive its return to the pool.
/// </summary>
internal sealed class PostgresSources : IAsyncDisposable
{
    /// <summary>For a statement or a COMMIT of a writer; then its outcome is unknown, and an owner asks again.</summary>
    public const int WriteTimeoutSeconds = 3;

    private const int ConnectTimeoutSeconds = 3;

    /// <summary>Beyond what the server itself allows a read.</summary>
    private const int ReadTimeoutSeconds = 2;

    /// <summary>A stronger setting of the server stays.</summary>
    private const string WriteSettings =
        """
        SELECT set_config('lock_timeout', '1s', false), set_config('statement_timeout', '3s', false), set_config('idle_in_transaction_session_timeout', '10s', false);
        SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') IN ('off', 'local', 'remote_write');
        """;

    private const string ReadSettings = "SELECT set_config('statement_timeout', '1s', false), set_config('default_transaction_read_only', 'on', false)";

    public PostgresSources(StoreSettings settings)
    {
        // One more for moves, retention and probes.
        Writers = Source(settings, settings.WritersCount + 3, WriteTimeoutSeconds, WriteSettings);
        Readers = Source(settings, settings.ReadersCount, ReadTimeoutSeconds, ReadSettings);
    }

    public NpgsqlDataSource Writers { get; }

    public NpgsqlDataSource Readers { get; }

    public async ValueTask DisposeAsync()
    {
        await Writers.DisposeAsync().ConfigureAwait(false);
        await Readers.DisposeAsync().ConfigureAwait(false);
    }

    private static NpgsqlDataSource Source(StoreSettings settings, int maxConnections, int timeoutSeconds, string sessionSettings)
    {
        var text = new NpgsqlConnectionStringBuilder(settings.ConnectionString)
        {
            ApplicationName = "im",
            Pooling = true,
            MaxPoolSize = maxConnections,
            MinPoolSize = 0,
            Timeout = ConnectTimeoutSeconds,
            CommandTimeout = timeoutSeconds,
            CancellationTimeout = -1,
            MaxAutoPrepare = 64,
            AutoPrepareMinUsages = 2,
            NoResetOnClose = true,
            IncludeErrorDetail = false,
            PersistSecurityInfo = false,
        };
        var builder = new NpgsqlDataSourceBuilder(text.ConnectionString);
        builder.UsePhysicalConnectionInitializer(connection => Initialize(connection, sessionSettings), connection => InitializeAsync(connection, sessionSettings));
        return builder.Build();
    }

    private static void Initialize(NpgsqlConnection connection, string sessionSettings)
    {
        using var command = new NpgsqlCommand(sessionSettings, connection);
        command.ExecuteNonQuery();
    }

    private static async Task InitializeAsync(NpgsqlConnection connection, string sessionSettings)
    {
        var command = new NpgsqlCommand(sessionSettings, connection);
        await using (command.ConfigureAwait(false)) await command.ExecuteNonQueryAsync().ConfigureAwait(false);
    }
}
