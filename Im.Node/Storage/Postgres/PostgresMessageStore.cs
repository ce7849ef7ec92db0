using Im.Actors.Conversations.Store;
using Im.Node.Configuration;
using Im.Node.Storage.Files;
using Im.Node.Storage.Marks;
using Im.Node.Storage.Reads;
using Im.Node.Storage.Retention;
using Im.Protocol.Names;
using Npgsql;

namespace Im.Node.Storage.Postgres;

/// <summary>The store that the nodes of a cluster share.</summary>
internal sealed class PostgresMessageStore : MessageStore
{
    private const string ForUpdate = " FOR UPDATE";

    /// <summary>A transaction in doubt holds the row until the server has found its connection gone or its commit is done.</summary>
    private const string WaitLonger = "SET LOCAL lock_timeout = '2500ms'";

    /// <summary>Waits for a transaction that is about to create the row, and is undone.</summary>
    private const string TryCreate = "INSERT INTO conversation (app, conv, epoch, head, last_ts, change) VALUES ($1, $2, '', 0, 0, 0)";

    private readonly PostgresSources _sources;
    private readonly PostgresReads _reads;
    private readonly CommitTurns _turns;
    private readonly CancellationTokenSource _stopping = new();
    private Task _writing = Task.CompletedTask;

    public PostgresMessageStore(StoreSettings settings, TimeProvider time, ILogger logger)
        : base(settings, time, logger)
    {
        _turns = new CommitTurns(time);
        _sources = new PostgresSources(settings);
        _reads = new PostgresReads(_sources.Readers, settings.ReadersCount);
    }

    public override Task<(bool IsAvailable, ConversationRow? Row)> LoadAsync(ConversationKey conversation, bool locked, CancellationToken cancellation = default) => locked
        ? Write(async (connection, transaction, stop) => (true, await LoadLockedAsync(connection, transaction, conversation, stop).ConfigureAwait(false)), (false, (ConversationRow?)null), cancellation)
        : _reads.RunOnSnapshotAsync(
            async (connection, stop) => (true, await PostgresConversationReads.LoadAsync(connection, conversation, "", stop).ConfigureAwait(false)), (false, (ConversationRow?)null), cancellation);

    public override Task<(bool IsAvailable, IReadOnlyDictionary<(string Sender, string Cid), CidRow> Found)> FindCidsAsync(
        ConversationKey conversation, IReadOnlyCollection<(string Sender, string Cid)> cids, CancellationToken cancellation = default) =>
        _reads.RunAsync(
            async (connection, stop) => (true, await PostgresConversationReads.FindCidsAsync(connection, conversation, cids, stop).ConfigureAwait(false)),
            (false, new Dictionary<(string, string), CidRow>()),
            cancellation);

    public override Task<HistoryPage> ReadAsync(HistoryQuery query, CancellationToken cancellation = default) =>
        _reads.RunOnSnapshotAsync((connection, stop) => PostgresConversationReads.ReadAsync(connection, query, stop), HistoryPage.Of(ReadOutcome.Unavailable), cancellation).At(NowMs);

    public override Task<SyncPage> SyncAsync(SyncQuery query, CancellationToken cancellation = default) =>
        _reads.RunOnSnapshotAsync((connection, stop) => PostgresSyncReads.SyncAsync(connection, query, stop), SyncPage.Unavailable, cancellation).At(NowMs);

    public override Task<SyncPage> ListAsync(AppId app, string user, int limit, string? after, CancellationToken cancellation = default) =>
        _reads.RunOnSnapshotAsync((connection, stop) => PostgresSyncReads.ListAsync(connection, app, user, limit, after, stop), SyncPage.Unavailable, cancellation).At(NowMs);

    public override Task<IReadOnlyList<ChangedHead>?> ReadChangedAsync(long afterChange, long sinceMs, int limit, CancellationToken cancellation = default) =>
        _reads.RunAsync((connection, stop) => PostgresNodeReads.ChangedAsync(connection, afterChange, sinceMs, limit, stop), null, cancellation);

    public override Task<IReadOnlyList<ChangedHead>?> ReadHeadsAsync(AppId app, IReadOnlyCollection<string> conversations, CancellationToken cancellation = default) =>
        _reads.RunAsync((connection, stop) => PostgresNodeReads.HeadsAsync(connection, app, conversations, stop), null, cancellation);

    public override Task<IReadOnlyDictionary<string, (long Delivered, long Read)>?> ReadMarksAsync(ConversationKey conversation, CancellationToken cancellation = default) =>
        _reads.RunAsync<IReadOnlyDictionary<string, (long Delivered, long Read)>?>(
            async (connection, stop) => await PostgresConversationReads.ReadMarksAsync(connection, conversation, stop).ConfigureAwait(false), null, cancellation);

    public override Task<DeliveryRow?> FindDeliveryAsync(AppId app, string messageId, CancellationToken cancellation = default) =>
        _reads.RunAsync((connection, stop) => PostgresNodeReads.DeliveryAsync(connection, app, messageId, NowMs, stop), null, cancellation);

    public override Task<bool> ChangeEpochAsync(ConversationKey conversation, string from, string to, CancellationToken cancellation = default) =>
        Write((connection, _, stop) => PostgresWrites.ChangeEpochAsync(connection, conversation, from, to, stop), false, cancellation);

    public override Task<IReadOnlyDictionary<string, long>?> ReadLastSeenAsync(AppId app, IReadOnlyCollection<string> users, CancellationToken cancellation = default) =>
        _reads.RunAsync((connection, stop) => PostgresNodeReads.LastSeenAsync(connection, app, users, stop), null, cancellation);

    public override async Task<Revocation> RevokeAsync(AppId app, string? user, string? tokenId, long beforeMs, CancellationToken cancellation = default) =>
        await Write((connection, _, stop) => PostgresWrites.RevokeAsync(connection, app, user, tokenId, beforeMs, NowMs, stop), null, cancellation).ConfigureAwait(false)
        ?? throw new StoreUnavailableException("the revocation could not be stored");

    public override Task<IReadOnlyList<Revocation>?> ReadRevocationsAsync(long afterNumber, CancellationToken cancellation = default) =>
        _reads.RunAsync((connection, stop) => PostgresNodeReads.RevocationsAsync(connection, afterNumber, stop), null, cancellation);

    public override Task<IReadOnlyList<SweepRow>?> ReadSweepRowsAsync(long afterId, int limit) =>
        _reads.RunAsync((connection, stop) => PostgresRetention.ReadRowsAsync(connection, afterId, limit, stop), null, CancellationToken.None);

    public override Task<int> RemoveAsync(ExpiredPrefix expired, int limit) =>
        Write((connection, _, stop) => PostgresRetention.RemoveAsync(connection, expired, limit, stop), 0, CancellationToken.None);

    public override Task<int> RemoveCidsAsync(long beforeMs, int limit) =>
        Write((connection, _, stop) => PostgresRetention.RemoveCidsAsync(connection, beforeMs, limit, stop), 0, CancellationToken.None);

    public override Task<int> RemoveDeliveriesAsync(long expiredMs, int limit) =>
        Write((connection, _, stop) => PostgresRetention.RemoveDeliveriesAsync(connection, expiredMs, limit, stop), 0, CancellationToken.None);

    public override Task<int> RemoveSkippedAsync(long expiredMs, int limit) =>
        Write((connection, _, stop) => PostgresRetention.RemoveSkippedAsync(connection, expiredMs, limit, stop), 0, CancellationToken.None);

    public override Task<int> RemoveRevocationsAsync(long beforeMs, int limit) =>
        Write((connection, _, stop) => PostgresRetention.RemoveRevocationsAsync(connection, beforeMs, limit, stop), 0, CancellationToken.None);

    protected override async Task ConnectAsync(CancellationToken cancellation)
    {
        try
        {
            await Migrations.ApplyAsync(Settings.ConnectionString!, cancellation).ConfigureAwait(false);
        }
        catch (Exception failure) when (PostgresStartErrors.Explain(failure, Settings.ConnectionString!) is { } known)
        {
            throw known;
        }

        var writers = Enumerable.Range(0, Settings.WritersCount).Select(_ => new PostgresWriter(_sources.Writers, Queue, _turns, Breaker, Time).RunAsync(_stopping.Token));
        _writing = Task.WhenAll(writers.ToList());
    }

    protected override async Task CloseAsync(bool isOrderly)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _writing.ConfigureAwait(false);
        await _sources.DisposeAsync().ConfigureAwait(false);
        _reads.Dispose();
        _turns.Dispose();
        _stopping.Dispose();
    }

    protected override async Task<StoreIdentity> IdentifyAsync(CancellationToken cancellation) =>
        await Write((connection, _, stop) => PostgresIdentity.ReadAsync(connection, stop), null!, cancellation).ConfigureAwait(false) ?? throw Unusable();

    protected override async Task<StoreIdentity> RenewAsync(string from, CancellationToken cancellation) =>
        await Write((connection, _, stop) => PostgresIdentity.RenewAsync(connection, from, stop), null!, cancellation).ConfigureAwait(false) ?? throw Unusable();

    /// <summary>Learns of a generation that another node or <c>im epoch bump</c> began.</summary>
    protected override async Task<long?> ReadChangeAsync()
    {
        if (await _reads.RunAsync<StoreIdentity?>(async (connection, stop) => await PostgresIdentity.ReadAsync(connection, stop).ConfigureAwait(false), null, CancellationToken.None).ConfigureAwait(false)
            is not { } identity) return null;
        Generation = identity.Generation;
        return identity.Change;
    }

    /// <summary>After an outage another server may answer, or a restored one.</summary>
    protected override Task<bool> ProbeAsync(CancellationToken cancellation) =>
        Write(
            async (connection, _, stop) =>
            {
                await connection.ExecuteAsync("SELECT pg_current_xact_id()", stop).ConfigureAwait(false);
                Generation = (await PostgresIdentity.ReadAsync(connection, stop).ConfigureAwait(false)).Generation;
                return true;
            },
            false,
            cancellation);

    protected override Task<bool> WriteAsync(MarkBatch batch) =>
        Write(
            async (connection, _, stop) =>
            {
                await PostgresWrites.SaveAsync(connection, batch, SkipsExpireMs, stop).ConfigureAwait(false);
                return true;
            },
            false,
            CancellationToken.None);

    private static async Task<ConversationRow?> LoadLockedAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, ConversationKey key, CancellationToken cancellation)
    {
        await connection.ExecuteAsync(WaitLonger, cancellation).ConfigureAwait(false);
        if (await PostgresConversationReads.LoadAsync(connection, key, ForUpdate, cancellation).ConfigureAwait(false) is { } row) return row;
        await transaction.SaveAsync("absent", cancellation).ConfigureAwait(false);
        try
        {
            await connection.ExecuteAsync(TryCreate, cancellation, (long)key.App.Value, key.Conversation.Value).ConfigureAwait(false);
        }
        catch (PostgresException failure) when (PostgresFailures.IsTaken(failure))
        {
            // It has been created meanwhile, perhaps by the append whose outcome is asked for.
        }

        await transaction.RollbackAsync("absent", cancellation).ConfigureAwait(false);
        return await PostgresConversationReads.LoadAsync(connection, key, ForUpdate, cancellation).ConfigureAwait(false);
    }

    private static StartupException Unusable() =>
        new(ExitCodes.Storage, "Im:Storage:ConnectionString names a PostgreSQL that does not answer any more: start it, or set Im__Storage__ConnectionString");

    /// <summary>In a transaction of its own.</summary>
    private async Task<T> Write<T>(Func<NpgsqlConnection, NpgsqlTransaction, CancellationToken, Task<T>> work, T unavailable, CancellationToken cancellation)
    {
        try
        {
            var connection = await _sources.Writers.OpenConnectionAsync(cancellation).ConfigureAwait(false);
            await using (connection.ConfigureAwait(false))
            {
                var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
                await using (transaction.ConfigureAwait(false))
                {
                    var answer = await work(connection, transaction, cancellation).ConfigureAwait(false);
                    await transaction.CommitAsync(cancellation).ConfigureAwait(false);
                    return answer;
                }
            }
        }
        catch (Exception failure) when (PostgresFailures.IsStore(failure))
        {
            return unavailable;
        }
    }
}
