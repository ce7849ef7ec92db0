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
