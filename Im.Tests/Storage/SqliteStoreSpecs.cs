namespace Im.Tests.Storage;

public sealed class SqliteAppendSpecs() : AppendSpecs(() => new SqliteFixture());

public sealed class SqliteReadSpecs() : ReadSpecs(() => new SqliteFixture());

public sealed class SqliteSyncSpecs() : SyncSpecs(() => new SqliteFixture());

public sealed class SqliteMarkSpecs() : MarkSpecs(() => new SqliteFixture());

public sealed class SqliteSkipSpecs() : SkipSpecs(() => new SqliteFixture());

public sealed class SqliteStoredRevocationSpecs() : StoredRevocationSpecs(() => new SqliteFixture());

public sealed class SqliteRetentionSpecs() : RetentionSpecs(() => new SqliteFixture());

public sealed class SqliteGenerationSpecs() : GenerationSpecs(() => new SqliteFixture());
