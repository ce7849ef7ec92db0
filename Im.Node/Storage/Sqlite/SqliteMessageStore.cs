using Im.Actors.Conversations.Store;
using Im.Node.Configuration;
using Im.Node.Storage.Files;
using Im.Node.Storage.Marks;
using Im.Node.Storage.Reads;
using Im.Node.Storage.Retention;
using Im.Protocol.Names;

namespace Im.Node.Storage.Sqlite;

/// <summary>The embedded store: one file, one writer, a few readers.</summary>
internal sealed class SqliteMessageStore : MessageStore
{
    private readonly Action<SqliteFailure> _onLostSync;
    private readonly StoreFiles _files;
    private SqliteWriter? _writer;
    private SqliteCheckpointer? _checkpointer;
    private SqliteReaders? _readers;

    /// <param name="onLostSync">Must end the process: see <see cref="SqliteWriter"/>.</param>
    public SqliteMessageStore(StoreSettings settings, TimeProvider time, ILogger logger, Action<SqliteFailure> onLostSync)
        : base(settings, time, logger)
    {
        _onLostSync = onLostSync;
        _files = new StoreFiles(settings.DataDirectory);
    }

    public override async Task<(bool IsAvailable, ConversationRow? Row)> LoadAsync(ConversationKey conversation, bool locked, CancellationToken cancellation = default) => locked
        ? await Write(db => (true, SqliteConversationReads.Load(db, conversation)), (false, null)).ConfigureAwait(false)
        : await Read(db => (true, SqliteConversationReads.Load(db, conversation)), (false, null), cancellation).ConfigureAwait(false);

    public override Task<(bool IsAvailable, IReadOnlyDictionary<(string Sender, string Cid), CidRow> Found)> FindCidsAsync(
        ConversationKey conversation, IReadOnlyCollection<(string Sender, string Cid)> cids, CancellationToken cancellation = default) =>
        Read(db => (true, SqliteConversationReads.FindCids(db, conversation, cids)), (false, new Dictionary<(string, string), CidRow>()), cancellation);

    public override Task<HistoryPage> ReadAsync(HistoryQuery query, CancellationToken cancellation = default) =>
        Read(db => SqliteConversationReads.Read(db, query), HistoryPage.Of(ReadOutcome.Unavailable), cancellation).At(NowMs);

    public override Task<SyncPage> SyncAsync(SyncQuery query, CancellationToken cancellation = default) =>
        Read(db => SqliteSyncReads.Sync(db, query), SyncPage.Unavailable, cancellation).At(NowMs);

    public override Task<SyncPage> ListAsync(AppId app, string user, int limit, string? after, CancellationToken cancellation = default) =>
        Read(db => SqliteSyncReads.List(db, app, user, limit, after), SyncPage.Unavailable, cancellation).At(NowMs);

    public override Task<IReadOnlyList<ChangedHead>?> ReadChangedAsync(long afterChange, long sinceMs, int limit, CancellationToken cancellation = default) =>
        Read(db => SqliteNodeReads.Changed(db, afterChange, sinceMs, limit), null, cancellation);

    public override Task<IReadOnlyList<ChangedHead>?> ReadHeadsAsync(AppId app, IReadOnlyCollection<string> conversations, CancellationToken cancellation = default) =>
        Read(db => SqliteNodeReads.Heads(db, app, conversations), null, cancellation);

    public override Task<IReadOnlyDictionary<string, (long Delivered, long Read)>?> ReadMarksAsync(ConversationKey conversation, CancellationToken cancellation = default) =>
        Read(db => SqliteConversationReads.ReadMarks(db, conversation), null, cancellation)!;

    public override Task<DeliveryRow?> FindDeliveryAsync(AppId app, string messageId, CancellationToken cancellation = default) =>
        Read(db => SqliteNodeReads.Delivery(db, app, messageId, NowMs), null, cancellation);

    public override Task<bool> ChangeEpochAsync(ConversationKey conversation, string from, string to, CancellationToken cancellation = default) =>
        Write(db => SqliteWrites.ChangeEpoch(db, conversation, from, to, _writer!.NextChange()), false);

    public override Task<IReadOnlyDictionary<string, long>?> ReadLastSeenAsync(AppId app, IReadOnlyCollection<string> users, CancellationToken cancellation = default) =>
        Read(db => SqliteNodeReads.LastSeen(db, app, users), null, cancellation);

    public override async Task<Revocation> RevokeAsync(AppId app, string? user, string? tokenId, long beforeMs, CancellationToken cancellation = default) =>
        await Write(db => SqliteWrites.Revoke(db, app, user, tokenId, beforeMs, NowMs), null).ConfigureAwait(false) ?? throw new StoreUnavailableException("the revocation could not be stored");

    public override Task<IReadOnlyList<Revocation>?> ReadRevocationsAsync(long afterNumber, CancellationToken cancellation = default) =>
        Read(db => SqliteNodeReads.Revocations(db, afterNumber), null, cancellation);

    public override Task<IReadOnlyList<SweepRow>?> ReadSweepRowsAsync(long afterId, int limit) =>
        Read(db => SqliteRetention.ReadRows(db, afterId, limit), null, CancellationToken.None);

    public override Task<int> RemoveAsync(ExpiredPrefix expired, int limit) => Write(db => SqliteRetention.Remove(db, expired, limit), 0);

    public override Task<int> RemoveCidsAsync(long beforeMs, int limit) => Write(db => SqliteRetention.RemoveTheCids(db, beforeMs, limit), 0);

    public override Task<int> RemoveDeliveriesAsync(long expiredMs, int limit) => Write(db => SqliteRetention.RemoveTheDeliveries(db, expiredMs, limit), 0);

    public override Task<int> RemoveSkippedAsync(long expiredMs, int limit) => Write(db => SqliteRetention.RemoveTheSkipped(db, expiredMs, limit), 0);

    public override Task<int> RemoveRevocationsAsync(long beforeMs, int limit) => Write(db => SqliteRetention.RemoveTheRevocations(db, beforeMs, limit), 0);

    protected override Task ConnectAsync(CancellationToken cancellation)
    {
        try
        {
            _files.Take();
            if (_files.WasCopied) Log.Copied(Logger);
            Open(_files.DatabasePath);
            return Task.CompletedTask;
        }
        catch (Exception failure) when (SqliteStartErrors.Explain(failure, _files.DatabasePath) is { } known)
        {
            _files.Dispose();
            throw known;
        }
    }

    protected override Task CloseAsync(bool isOrderly)
    {
        _writer?.Dispose();
        _checkpointer?.Dispose();
        _readers?.Dispose();
        if (isOrderly) _files.LeaveClean();
        _files.Dispose();
        return Task.CompletedTask;
    }

    protected override async Task<StoreIdentity> IdentifyAsync(CancellationToken cancellation) =>
        await Write(SqliteIdentity.Read, null).ConfigureAwait(false) ?? throw Unusable();

    protected override async Task<StoreIdentity> RenewAsync(string from, CancellationToken cancellation) =>
        await Write(db => _writer!.Renew(db), null).ConfigureAwait(false) ?? throw Unusable();

    protected override Task<long?> ReadChangeAsync() => Read<long?>(db => db.Scalar("SELECT max(change) FROM conversation"), null, CancellationToken.None);

    protected override Task<bool> ProbeAsync(CancellationToken cancellation) => Write(SqliteWrites.Probe, false);

    protected override Task<bool> WriteAsync(MarkBatch batch) => Write(db => SqliteWrites.Save(db, batch, SkipsExpireMs), false);

    private void Open(string path)
    {
        Migrations.Apply(path);
        var db = SqliteDb.Open(path, writes: true);
        if (_files.WasCutShort)
        {
            Log.Checking(Logger, new FileInfo(path).Length / (1024 * 1024));
            var verdict = db.Statement("PRAGMA quick_check(1)").ReadFirst(row => row.Text(0));
            if (verdict != "ok") throw SqliteStartErrors.Damaged(path, verdict ?? "no answer");
        }

        _checkpointer = new SqliteCheckpointer(path, _onLostSync);
        _writer = new SqliteWriter(db, Queue, Breaker, _checkpointer, Time, _onLostSync);
        _readers = new SqliteReaders(path, Settings.ReadersCount, Time);
    }

    private StartupException Unusable() => new(ExitCodes.Storage, $"{_files.DatabasePath} cannot be written: make room on its disk, or set Im__DataDirectory");

    private Task<T> Read<T>(Func<SqliteDb, T> query, T unavailable, CancellationToken cancellation) =>
        _readers is { } readers ? readers.RunAsync(query, unavailable, cancellation) : Task.FromResult(unavailable);

    private Task<T> Write<T>(Func<SqliteDb, T> work, T unavailable) => _writer is { } writer ? writer.RunAsync(work, unavailable) : Task.FromResult(unavailable);
}
