using Im.Node.Storage;
using Im.Node.Storage.Postgres;
using Im.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Im.Tests.Storage.Postgres;

/// <summary>Stores on a new database.</summary>
internal sealed class PostgresFixture(PostgresServer server) : IStoreFixture
{
    private readonly TemporaryDirectory _directory = new();
    private readonly Lazy<string> _database = new(() => server.NewDatabaseAsync().GetAwaiter().GetResult());

    public StoreSettings Settings => new() { DataDirectory = _directory.Path, ConnectionString = _database.Value, ReadersCount = 2, WritersCount = 2 };

    public bool IsShared => true;

    public MessageStore New(StoreSettings? settings = null, TimeProvider? time = null) => new PostgresMessageStore(settings ?? Settings, time ?? TimeProvider.System, NullLogger.Instance);

    public ValueTask DisposeAsync()
    {
        _directory.Dispose();
        return ValueTask.CompletedTask;
    }
}
