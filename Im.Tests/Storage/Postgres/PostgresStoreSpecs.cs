using Xunit;

namespace Im.Tests.Storage.Postgres;

[NeedsPostgres]
[Collection(PostgresCollection.Name)]
public sealed class PostgresAppendSpecs(PostgresServer server) : AppendSpecs(() => new PostgresFixture(server));

[NeedsPostgres]
[Collection(PostgresCollection.Name)]
public sealed class PostgresReadSpecs(PostgresServer server) : ReadSpecs(() => new PostgresFixture(server));

[NeedsPostgres]
[Collection(PostgresCollection.Name)]
public sealed class PostgresSyncSpecs(PostgresServer server) : SyncSpecs(() => new PostgresFixture(server));

[NeedsPostgres]
[Collection(PostgresCollection.Name)]
public sealed class PostgresMarkSpecs(PostgresServer server) : MarkSpecs(() => new PostgresFixture(server));

[NeedsPostgres]
[Collection(PostgresCollection.Name)]
public sealed class PostgresSkipSpecs(PostgresServer server) : SkipSpecs(() => new PostgresFixture(server));

[NeedsPostgres]
[Collection(PostgresCollection.Name)]
public sealed class PostgresStoredRevocationSpecs(PostgresServer server) : StoredRevocationSpecs(() => new PostgresFixture(server));

[NeedsPostgres]
[Collection(PostgresCollection.Name)]
public sealed class PostgresRetentionSpecs(PostgresServer server) : RetentionSpecs(() => new PostgresFixture(server));

[NeedsPostgres]
[Collection(PostgresCollection.Name)]
public sealed class PostgresGenerationSpecs(PostgresServer server) : GenerationSpecs(() => new PostgresFixture(server));
