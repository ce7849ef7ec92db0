using Akka.Actor;
using Im.Actors.Conversations.Store;
using Im.Actors.Telemetry;
using Im.Node.Storage.Appends;
using Im.Node.Storage.Marks;
using Im.Protocol.Names;

namespace Im.Node.Storage;

/// <summary>What both providers share: the way of an append into its group, cursors that are written a little later, and the breaker.</summary>
internal abstract class MessageStore : IMessageStore, IStoreGauges, IAsyncDisposable
{
    /// <summary>Moves are on disk at the latest a second after: half of it waiting, the rest for the write.</summary>
    private static readonly TimeSpan FlushInterval = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource _stopping = new();
    private readonly IDisposable _observation;
    private Task _flushing = Task.CompletedTask;
    private volatile bool _isOpen;
    private string _generation = "";

    protected MessageStore(StoreSettings settings, TimeProvider time)
    {
        Settings = settings;
        Time = time;
        Queue = new AppendQueue(settings.QueueMaxPartsCount, settings.QueueMaxBytes);
        Breaker = new Breaker(time, ProbeAsync, OnBreaker);
        _observation = ImMetrics.Observe(this);
    }

    public string Generation
    {
        get => Volatile.Read(ref _generation);
        protected set => Volatile.Write(ref _generation, value);
    }

    public bool IsAvailable => _isOpen && !Breaker.IsOpen;

    public long QueueDepth => Queue.Count;

    public bool IsBreakerOpen => Breaker.IsOpen;

    /// <summary>Called with false when the breaker opened and with true when it closed.</summary>
    public Action<bool>? AvailabilityChanged { get; set; }

    protected StoreSettings Settings { get; }

    protected TimeProvider Time { get; }

    protected AppendQueue Queue { get; }

    protected Breaker Breaker { get; }

    protected long NowMs => Time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Opens the store, brings its schema up to date and takes appends from then on.</summary>
    public async Task OpenAsync(CancellationToken cancellation)
    {
        await ConnectAsync(cancellation).ConfigureAwait(false);
        _isOpen = true;
        _flushing = FlushAlwaysAsync(_stopping.Token);
    }

    public void Append(AppendPart part)
    {
        if (RecordChecks.FirstBad(part) is >= 0 and var bad) part.ReplyTo.Tell(new AppendResult(part.Tag, AppendOutcome.Rejected, bad), ActorRefs.NoSender);
        else if (!IsAvailable || !Queue.TryAdd(new QueuedPart(part, part.Bytes, Time.GetTimestamp()))) Refuse(part);
    }

    public void Move(CursorMove move) => Marks.Move(move);

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

    /// <summary>Takes no more appends, writes what waits, and closes.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested) return;
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _flushing.ConfigureAwait(false);
        if (_isOpen) await FlushAsync().ConfigureAwait(false);
        _isOpen = false;
        Breaker.Dispose();
        await CloseAsync().ConfigureAwait(false);
        _observation.Dispose();
        Queue.Dispose();
        _stopping.Dispose();
    }

    protected MarkBuffer Marks { get; } = new();

    protected abstract Task ConnectAsync(CancellationToken cancellation);

    protected abstract Task CloseAsync();

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
        AvailabilityChanged?.Invoke(!isOpen);
    }

    /// <summary>Nobody waits for a store that is away.</summary>
    private void RefuseWaiting()
    {
        List<QueuedPart> waiting = [];
        Queue.Take(waiting, int.MaxValue, int.MaxValue);
        foreach (var queued in waiting) Refuse(queued.Part);
    }

    private async Task FlushAlwaysAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(FlushInterval, Time);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping).ConfigureAwait(false)) await FlushAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Stopping: the last flush is the caller's.
        }
    }
}
