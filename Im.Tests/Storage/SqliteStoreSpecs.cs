namespace Im.Tests.Storage;

public sealed class SqliteAppendSpecs() : AppendSpecs(() => new SqliteFixture());

public sealed class SqliteReadSpecs() : ReadSpecs(() => new SqliteFixture());

public sealed class SqliteSyncSpecs() : SyncSpecs(() => new SqliteFixture());
