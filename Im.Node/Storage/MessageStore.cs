using Akka.Actor;
using Im.Actors.Conversations.Store;
using Im.Actors.Telemetry;
using Im.Node.Storage.Appends;
using Im.Node.Storage.Files;
using Im.Node.Storage.Marks;
using Im.Node.Storage.Retention;
using Im.Protocol.Names;

namespace Im.Node.Storage;

/// <summary>What both providers share: the way of an append into its group, cursors that are written a little later, and the breaker.</summary>
internal abstract partial class MessageStore : IMessageStore, ISweepable, IStoreGauges, IAsyncDisposable
{
    /// <summary>Moves are on disk at the latest a second after: half of it waiting, the rest for the write.</summary>
    private static readonly TimeSpan FlushInterval = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan MarkInterval = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _sweeping = new(1, 1);
    private readonly IDisposable _observation;
    private Task _upkeep = Task.CompletedTask;
    private volatile bool _isOpen;
    private string _generation = "";
    private long _seenSinceMs;

    protected MessageStore(StoreSettings settings, TimeProvider time, ILogger logger)
    {
        Settings = settings;
        Time = time;
        Logger = logger;
        Queue = new AppendQueue(settings.QueueMaxPartsCount, settings.QueueMaxBytes);
        Breaker = new Breaker(time, ProbeAsync, OnBreaker);
        _observation = ImMetrics.Observe(this);
    }

    public string Generation
    {
        get => Volatile.Read(ref _generation);
        protected set => Volatile.Write(ref _generation, value);
    }

    public long SeenSinceMs => Volatile.Read(ref _seenSinceMs);

    public bool IsAvailable => _isOpen && !Breaker.IsOpen;

    public long QueueDepth => Queue.Count;

    public bool IsBreakerOpen => Breaker.IsOpen;

    /// <summary>Called with false when the breaker opened and with true when it closed.</summary>
    public Action<bool>? AvailabilityChanged { get; set; }

    protected StoreSettings Settings { get; }

    protected TimeProvider Time { get; }

    protected ILogger Logger { get; }

    protected AppendQueue Queue { get; }

    protected Breaker Breaker { get; }

    protected long NowMs => Time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Opens the store, brings its schema up to date and takes appends from then on.</summary>
    /// <exception cref="Configuration.StartupException">It cannot be used, for a reason that an operator can remove.</exception>
    public async Task OpenAsync(CancellationToken cancellation)
    {
        await ConnectAsync(cancellation).ConfigureAwait(false);
        Volatile.Write(ref _seenSinceMs, NowMs);
        var identity = await IdentifyAsync(cancellation).ConfigureAwait(false);
        if (StoreMark.Read(Settings.DataDirectory) is { } mark && mark.IsAheadOf(identity))
        {
            identity = await RenewAsync(identity.Generation, cancellation).ConfigureAwait(false);
            Log.Older(Logger, identity.Generation);
        }

        Generation = identity.Generation;
        new StoreMark(identity.Generation, identity.Change).Write(Settings.DataDirectory, syncs: true);
        _isOpen = true;
        _upkeep = Task.WhenAll(
            RepeatAsync(FlushInterval, FlushAsync, _stopping.Token),
            RepeatAsync(MarkInterval, () => WriteMarkAsync(syncs: false), _stopping.Token),
            RepeatAsync(Settings.Retention.SweepInterval, () => SweepAsync(_stopping.Token), _stopping.Token));
    }

    public void Append(AppendPart part)
    {
        if (RecordChecks.FirstBad(part) is >= 0 and var bad) part.ReplyTo.Tell(new AppendResult(part.Tag, AppendOutcome.Rejected, bad), ActorRefs.NoSender);
        else if (!IsAvailable || !Queue.TryAdd(new QueuedPart(part, part.Bytes, Time.GetTimestamp()))) Refuse(part);
    }

    public long Move(CursorMove move) => Marks.Move(move);

    public void SaveLastSeen(AppId app, string user, long timestampMs) => Marks.SaveLastSeen(app, user, timestampMs);

    public abstract Task<(bool IsAvailable, ConversationRow? Row)> LoadAsync(ConversationKey conversation, bool locked, CancellationToken cancellation = default);

    public abstract Task<(bool IsAvailable, IReadOnlyDictionary<(string Sender, string Cid), CidRow> Found)> FindCidsAsync(
        ConversationKey conversation, IReadOnlyCollection<(string Sender, string Cid)> cids, CancellationToken cancellation = default);

    public abstract Task<HistoryPage> ReadAsync(HistoryQuery query, CancellationToken cancellation = default);

    public abstract Task<SyncPage> SyncAsync(SyncQuery query, CancellationToken cancellation = default);

    public abstract Task<SyncPage> ListAsync(AppId app, string user, int limit, string? after, CancellationToken cancellation = default);

    public abstract Task<IReadOnlyList<ChangedHead>?> ReadChangedAsync(long afterChange, long sinceMs, int limit, CancellationToken cancellation = default);

    public abstract Task<IReadOnlyList<ChangedHead>?> ReadHeadsAsync(AppId app, IReadOnlyCollection<string> conversations, CancellationToken cancellation = default);

    public abstract Task<IReadOnlyDictionary<string, (long Delivered, long Read)>?> ReadMarksAsync(ConversationKey conversation, CancellationToken cancellation = default);

    public abstract Task<DeliveryRow?> FindDeliveryAsync(AppId app, string messageId, CancellationToken cancellation = default);

    public abstract Task<bool> ChangeEpochAsync(ConversationKey conversation, string from, string to, CancellationToken cancellation = default);

    public abstract Task<IReadOnlyDictionary<string, long>?> ReadLastSeenAsync(AppId app, IReadOnlyCollection<string> users, CancellationToken cancellation = default);

    public abstract Task<Revocation> RevokeAsync(AppId app, string? user, string? tokenId, long beforeMs, CancellationToken cancellation = default);

    public abstract Task<IReadOnlyList<Revocation>?> ReadRevocationsAsync(long afterNumber, CancellationToken cancellation = default);

    /// <summary>Writes the marks that wait. They stay for the next time when the store cannot take them.</summary>
    public async Task FlushAsync()
    {
        if (Marks.Take() is not { } batch) return;
        if (!await WriteAsync(batch).ConfigureAwait(false)) Marks.GiveBack(batch);
    }

    /// <summary>Removes what retention says. Runs by itself at its interval, one at a time: what one leaves out because another is at it would stay until the next.</summary>
    public async Task SweepAsync(CancellationToken stopping)
    {
        await _sweeping.WaitAsync(stopping).ConfigureAwait(false);
        try
        {
            await new RetentionSweep(this, Settings.Retention, Time).RunAsync(stopping).ConfigureAwait(false);
        }
        finally
        {
            _sweeping.Release();
        }
    }

    /// <summary>Takes no more appends, writes what waits, and closes.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested) return;
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _upkeep.ConfigureAwait(false);
        var wasOpen = _isOpen;
        _isOpen = false;
        if (wasOpen)
        {
            await FlushAsync().ConfigureAwait(false);
            await WriteMarkAsync(syncs: true).ConfigureAwait(false);
        }

        Breaker.Dispose();
        await CloseAsync(wasOpen).ConfigureAwait(false);
        _observation.Dispose();
        _sweeping.Dispose();
        Queue.Dispose();
        _stopping.Dispose();
    }

    public abstract Task<IReadOnlyList<SweepRow>?> ReadSweepRowsAsync(long afterId, int limit);

    public abstract Task<int> RemoveAsync(ExpiredPrefix expired, int limit);

    public abstract Task<int> RemoveCidsAsync(long beforeMs, int limit);

    public abstract Task<int> RemoveDeliveriesAsync(long expiredMs, int limit);

    public abstract Task<int> RemoveSkippedAsync(long expiredMs, int limit);

    public abstract Task<int> RemoveRevocationsAsync(long beforeMs, int limit);

    /// <summary>Until when what is skipped now is kept.</summary>
    protected long SkipsExpireMs => NowMs + (long)RetentionPolicy.SkippedAge.TotalMilliseconds;

    protected MarkBuffer Marks { get; } = new();

    protected abstract Task ConnectAsync(CancellationToken cancellation);

    /// <param name="isOrderly">It was open, and all that waited has been written.</param>
    protected abstract Task CloseAsync(bool isOrderly);

    protected abstract Task<StoreIdentity> IdentifyAsync(CancellationToken cancellation);

    /// <summary>Gives store and conversations a new generation, unless another node has.</summary>
    protected abstract Task<StoreIdentity> RenewAsync(string from, CancellationToken cancellation);

    /// <summary>Number of the newest change that is on disk; null when it cannot be read now.</summary>
    protected abstract Task<long?> ReadChangeAsync();

    /// <summary>One try whether the store works again.</summary>
    protected abstract Task<bool> ProbeAsync(CancellationToken cancellation);

    /// <returns>False when nothing was written.</returns>
    protected abstract Task<bool> WriteAsync(MarkBatch batch);

    private static void Refuse(AppendPart part)
    {
        ImMetrics.Appended(AppendOutcome.Unavailable, TimeSpan.Zero);
        part.ReplyTo.Tell(new AppendResult(part.Tag, AppendOutcome.Unavailable), ActorRefs.NoSender);
    }

    private void OnBreaker(bool isOpen)
    {
        if (isOpen) RefuseWaiting();
        else Volatile.Write(ref _seenSinceMs, NowMs);
        AvailabilityChanged?.Invoke(!isOpen);
    }

    /// <summary>Nobody waits for a store that is away.</summary>
    private void RefuseWaiting()
    {
        List<QueuedPart> waiting = [];
        Queue.Take(waiting, int.MaxValue, int.MaxValue);
        foreach (var queued in waiting) Refuse(queued.Part);
    }

    private async Task WriteMarkAsync(bool syncs)
    {
        if (await ReadChangeAsync().ConfigureAwait(false) is not { } change) return;
        try
        {
            new StoreMark(Generation, change).Write(Settings.DataDirectory, syncs);
        }
        catch (IOException)
        {
            // A full disk: the mark that is there is older, which is as true.
        }
    }

    private async Task RepeatAsync(TimeSpan interval, Func<Task> work, CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(interval, Time);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping).ConfigureAwait(false)) await work().ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Stopping: what is left to do is the caller's.
        }
    }

    protected static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The message store is older than what this node has seen: it goes on as generation {Generation}, and clients are brought up afresh")]
        public static partial void Older(ILogger logger, string generation);

        [LoggerMessage(LogLevel.Information, "Checking the message store after a stop that was not orderly ({MebiBytes} MiB)")]
        public static partial void Checking(ILogger logger, long mebiBytes);

        [LoggerMessage(LogLevel.Warning, "A sync of the message store had failed: its files have been copied and synced")]
        public static partial void Copied(ILogger logger);
    }
}
