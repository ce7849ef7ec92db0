using System.Text.Json;
using System.Threading.Channels;
using Im.Client.Engine;

namespace Im.Client.Transport;

/// <summary>
/// Runs an engine on one loop: everything that happens is an input of a channel with <see cref="MaxInputCount"/> places, and who brings one more waits.
/// One timer wakes the loop when the engine is due.
/// </summary>
internal sealed class ClientLoop : IEngineHost, ISocketListener, IAsyncDisposable
{
    private const int MaxInputCount = 1024;

    private readonly ImChatClientOptions _options;
    private const long NoLimitMs = long.MaxValue / 4;

    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly Channel<Action> _inputs = Channel.CreateBounded<Action>(new BoundedChannelOptions(MaxInputCount) { SingleReader = true });
    private readonly RecordBuffer _records;
    private readonly ITimer _timer;
    private readonly Action<ImNotice> _notice;
    private readonly Action<ImStateChange> _changed;
    private readonly List<Task> _sockets = [];
    private SocketConnection? _socket;
    private Task _running = Task.CompletedTask;

    public ClientLoop(ImChatClientOptions options, RecordBuffer records, Action<ImNotice> notice, Action<ImStateChange> changed)
    {
        _options = options;
        _time = options.TimeProvider ?? TimeProvider.System;
        _started = _time.GetTimestamp();
        _records = records;
        _notice = notice;
        _changed = changed;
        Store = options.Store ?? new MemoryClientStore();
        Engine = new ClientEngine(this, new EngineSettings(
            options.App,
            options.User,
            options.Device,
            options.Platform,
            options.MaxQueuedCount,
            options.MaxUnansweredCount,
            (long)options.RequestTimeout.TotalMilliseconds,
            options.ConnectTimeout == Timeout.InfiniteTimeSpan ? NoLimitMs : (long)options.ConnectTimeout.TotalMilliseconds,
            options.TokenProvider is not null,
            options.TellsPushes,
            () => _time.GetUtcNow().ToUnixTimeMilliseconds(),
            Random.Shared.NextDouble));
        _timer = _time.CreateTimer(_ => _inputs.Writer.TryWrite(static () => { }), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public ClientEngine Engine { get; }

    public IImClientStore Store { get; }

    /// <summary>Milliseconds of this loop's clock, which never goes back.</summary>
    public long Now => (long)_time.GetElapsedTime(_started).TotalMilliseconds;

    public void Start(ImClientSnapshot kept, Action<OutboxEntry, Reply?> finished)
    {
        _inputs.Writer.TryWrite(() => Engine.Start(kept, finished, Now));
        _running = Task.Run(RunAsync);
    }

    /// <summary>Has the loop do it. Waits while the loop is behind.</summary>
    /// <exception cref="ImStoppedException">The loop has ended.</exception>
    public async ValueTask DoAsync(Action action)
    {
        try
        {
            await _inputs.Writer.WriteAsync(action).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            throw new ImStoppedException(null);
        }
    }

    /// <summary>Stops the engine, waits for the loop and its sockets.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await DoAsync(() => Engine.Stop(null, null, "disposed")).ConfigureAwait(false);
        }
        catch (ImStoppedException)
        {
            return;
        }
        _inputs.Writer.TryComplete();
        await _running.ConfigureAwait(false);
        await _timer.DisposeAsync().ConfigureAwait(false);
        await Task.WhenAll(_sockets).ConfigureAwait(false);
    }

    public void Connect()
    {
        _sockets.RemoveAll(socket => socket.IsCompleted);
        var socket = _socket = new SocketConnection(this, _options);
        _sockets.Add(Task.Run(async () =>
        {
            using (socket) await socket.RunAsync().ConfigureAwait(false);
        }));
    }

    public void Disconnect()
    {
        _socket?.GiveUp();
        _socket = null;
    }

    public void Transmit(byte[] json) => _socket?.Send(json);

    public void Apply(ImRecord record)
    {
        if (_options.DeliversRecords) _records.Add(record);
        else Engine.OnTaken(record.Conversation, record.Epoch, record.Mseq, Now);
    }

    public void Notice(ImNotice notice) => _notice(notice);

    public void Changed(ImStateChange change)
    {
        if (change.State == ImClientState.Stopped) _records.Complete();
        _changed(change);
    }

    public void WantToken() => _ = RefreshTokenAsync();

    ValueTask ISocketListener.OnOpenedAsync(SocketConnection connection, string? token) => TellAsync(connection, () => Engine.OnOpened(token, Now));

    ValueTask ISocketListener.OnConnectFailedAsync(SocketConnection connection, string reason) => TellAsync(connection, () => Engine.OnConnectFailed(reason, Now));

    ValueTask ISocketListener.OnMessageAsync(SocketConnection connection, JsonElement message) => TellAsync(connection, () => Engine.OnMessage(message, Now));

    ValueTask ISocketListener.OnClosedAsync(SocketConnection connection, int code, string? reason) => TellAsync(connection, () => Engine.OnClosed(code, reason, Now));

    ValueTask ISocketListener.WaitUntilWantedAsync(CancellationToken cancellation) => _records.WaitForRoomAsync(cancellation);

    private async Task RunAsync()
    {
        while (await _inputs.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            try
            {
                while (_inputs.Reader.TryRead(out var input)) input();
                if (Engine.NextDue() <= Now) Engine.Tick(Now);
            }
            catch (Exception defect)
            {
                // An event handler of the application threw, or this client is wrong: it stops and says so, and goes on to answer its callers.
                Engine.Stop(null, null, defect.ToString());
            }
            var due = Engine.NextDue();
            _timer.Change(due == long.MaxValue ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(Math.Max(0, due - Now)), Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>What a socket says that was given up is not heard.</summary>
    private async ValueTask TellAsync(SocketConnection connection, Action action)
    {
        try
        {
            await DoAsync(() =>
            {
                if (_socket == connection) action();
            }).ConfigureAwait(false);
        }
        catch (ImStoppedException)
        {
            connection.GiveUp();
        }
    }

    private async Task RefreshTokenAsync()
    {
        if (_options.TokenProvider is not { } provider) return;
        try
        {
            using var limit = new CancellationTokenSource(_options.ConnectTimeout);
            var token = await provider(limit.Token).ConfigureAwait(false);
            var data = Wire.Object(writer => writer.WriteString("serviceToken", token));
            await DoAsync(() => Engine.Call(new Call("token", data, false, (_, _) => { }), Now)).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // Without a new token the server closes with 4202 at its end, and the next attempt asks the provider again.
        }
    }
}
