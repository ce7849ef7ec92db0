using Im.Node.Storage;
using Im.Node.Storage.Sqlite;
using Im.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Im.Tests.Storage;

internal sealed class SqliteFixture : IStoreFixture
{
    private readonly TemporaryDirectory _directory = new();

    public StoreSettings Settings => new() { DataDirectory = _directory.Path, ReadersCount = 2 };

    public bool IsShared => false;

    public string Path => _directory.File("im.db");

    public MessageStore New(StoreSettings? settings = null, TimeProvider? time = null) =>
        new SqliteMessageStore(settings ?? Settings, time ?? TimeProvider.System, NullLogger.Instance, failure => throw new InvalidOperationException("A sync failed", failure));

    public ValueTask DisposeAsync()
    {
        _directory.Dispose();
        return ValueTask.CompletedTask;
    }
}
