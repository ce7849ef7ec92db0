using System.Runtime.CompilerServices;
using System.Text;
using Im.Client.Engine;
using Im.Client.Transport;
using Im.Protocol.Names;

namespace Im.Client;

/// <summary>
/// A level 2 client: one login of one device. It connects and reconnects by itself until it is disposed or the server says stop. Every record of a
/// conversation is applied once and in order; a durable command that was accepted is sent until the server answers it, with the same cid.
/// </summary>
/// <remarks>Members may be called from any thread. Event handlers run on the client's own loop: keep them short, and do not wait in them for a command of this client.</remarks>
public sealed class ImChatClient : IAsyncDisposable
{
    private readonly ClientLoop _loop;
    private readonly RecordBuffer _records;
    private readonly TimeProvider _time;
    private TaskCompletionSource _online = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _reading;
    private int _started;

    /// <param name="options">Where to connect to, and as whom.</param>
    /// <exception cref="ArgumentException">Neither a user nor a token provider, or a device id of another form.</exception>
    public ImChatClient(ImChatClientOptions options)
    {
        if (options.User is null && options.TokenProvider is null) throw new ArgumentException("A user or a token provider is needed.", nameof(options));
        if (!DeviceId.TryParse(options.Device, out _)) throw new ArgumentException("A device is 8 to 64 of A-Z a-z 0-9 _ . : -", nameof(options));
        Options = options;
        _time = options.TimeProvider ?? TimeProvider.System;
        _records = new RecordBuffer(options.MaxUnreadCount);
        _loop = new ClientLoop(options, _records, notice => Noticed?.Invoke(notice), OnChanged);
    }

    /// <summary>The options it was made with.</summary>
    public ImChatClientOptions Options { get; }

    /// <summary>The state now, and why.</summary>
    public ImStateChange LastChange { get; private set; } = new(ImClientState.Connecting, null, null, null);

    /// <summary>The state now.</summary>
    public ImClientState State => LastChange.State;

    /// <summary>The user, as the server told it at the login.</summary>
    public string User => _loop.Engine.User;

    /// <summary>A new state.</summary>
    public event Action<ImStateChange>? StateChanged;

    /// <summary>Ephemeral messages, presence, typing, receipts, read marks, room moves and what else is not a record.</summary>
    public event Action<ImNotice>? Noticed;

    /// <summary>Reads the store and begins to connect. Does not wait for the connection.</summary>
    public async Task StartAsync(CancellationToken cancellation = default)
    {
        if (Interlocked.Exchange(ref _started, 1) == 1) throw new InvalidOperationException("The client was started already.");
        _loop.Start(await _loop.Store.LoadAsync(cancellation).ConfigureAwait(false), OnQueuedFinished);
    }

    /// <summary>Waits until the client is logged in.</summary>
    /// <exception cref="ImStoppedException">It stopped instead.</exception>
    public Task WaitUntilOnlineAsync(CancellationToken cancellation = default) => Volatile.Read(ref _online).Task.WaitAsync(cancellation);

    /// <summary>
    /// The records of all conversations, each once, in order per conversation. One reader at a time. A record counts as taken, and is acknowledged and
    /// kept as cursor, when the next one is asked for. Ends when the client stops.
    /// </summary>
    public async IAsyncEnumerable<ImRecord> ReadRecordsAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        if (Interlocked.Exchange(ref _reading, 1) == 1) throw new InvalidOperationException("Somebody reads the records already.");
        try
        {
            while (await _records.Reader.WaitToReadAsync(cancellation).ConfigureAwait(false))
            {
                while (_records.Reader.TryRead(out var record))
                {
                    _records.OnTaken();
                    yield return record;
                    await TakeAsync(record).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            Volatile.Write(ref _reading, 0);
        }
    }

    /// <summary>
    /// Sends a message and waits until it is stored. Offline it waits in the queue; after a reconnect it goes out again with the same cid, in order.
    /// Cancelling ends the wait, not the message.
    /// </summary>
    /// <param name="conversation">Such as <c>r:lobby</c> (joined before), <c>g:42</c> or <c>p:alice|bob</c>.</param>
    /// <param name="content">What to send.</param>
    /// <param name="cid">An id of the caller, 1–64 of <c>[A-Za-z0-9_.:-]</c>; made here when null.</param>
    /// <exception cref="ImRefusedException">A final refusal: nothing is stored.</exception>
    /// <exception cref="ImQueueFullException">Nothing was queued.</exception>
    /// <exception cref="ImStoppedException">The client stopped before an answer came.</exception>
    public Task<ImSent> SendAsync(string conversation, ImContent content, string? cid = null, CancellationToken cancellation = default) =>
        StoreAsync("msg", conversation, cid, id => Commands.Message(conversation, content, id), Answers.Sent, cancellation);

    /// <summary>Sends a message that is not stored: to who is there, once. Fails at once when the client is not online.</summary>
    /// <exception cref="ImConnectionLostException">Not online, or the connection went before the answer.</exception>
    public Task<ImSent> SendEphemeralAsync(string conversation, ImContent content, CancellationToken cancellation = default) =>
        CallAsync("msg", Commands.Ephemeral(conversation, content), Answers.Ephemeral, cancellation, isOnce: true);

    /// <summary>Replaces the text of an own message.</summary>
    /// <returns>The place of the event that says so.</returns>
    public Task<ImSent> EditAsync(string conversation, long mseq, string text, string? cid = null, CancellationToken cancellation = default) =>
        StoreAsync("edit", conversation, cid, id => Commands.Amend(conversation, mseq, text, id), Answers.Sent, cancellation);

    /// <summary>Takes an own message back.</summary>
    /// <returns>The place of the event that says so.</returns>
    public Task<ImSent> RecallAsync(string conversation, long mseq, string? cid = null, CancellationToken cancellation = default) =>
        StoreAsync("recall", conversation, cid, id => Commands.Amend(conversation, mseq, null, id), Answers.Sent, cancellation);

    /// <summary>Enters a room; after reconnects it is entered again. Records after the answer's head are applied.</summary>
    public Task<ImJoined> JoinAsync(string room, CancellationToken cancellation = default) =>
        AskAsync((finished, now) => _loop.Engine.Join(room, finished, now), reply => Answers.Joined(reply, room), cancellation);

    /// <summary>Leaves a room and forgets its cursor.</summary>
    public Task LeaveAsync(string room, CancellationToken cancellation = default) =>
        AskAsync((finished, now) => _loop.Engine.Leave(room, finished, now), _ => true, cancellation);

    /// <summary>Reads a page of a conversation. Neither bound: the newest records.</summary>
    /// <param name="before">Only numbers below this one.</param>
    /// <param name="after">Only numbers above this one.</param>
    /// <param name="limit">1 to 200.</param>
    public Task<ImHistoryPage> HistoryAsync(string conversation, long? before = null, long? after = null, int limit = 50, CancellationToken cancellation = default) =>
        CallAsync("history", Commands.History(conversation, before, after, limit), reply => Answers.History(reply, conversation), cancellation);

    /// <summary>Moves the user's read mark up to a number.</summary>
    /// <returns>The mark now.</returns>
    public Task<long> ReadAsync(string conversation, long mseq, CancellationToken cancellation = default) =>
        CallAsync("read", Commands.Read(conversation, mseq), reply => reply.Data.Number("read") ?? mseq, cancellation);

    /// <summary>Tells others that the user writes, or stopped. Not repeated, not answered; nothing happens offline.</summary>
    public async Task TypingAsync(string conversation, bool isTyping, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        await _loop.DoAsync(() => _loop.Engine.Tell("typing", Commands.Typing(conversation, isTyping))).ConfigureAwait(false);
    }

    /// <summary>Replaces the list of users whose presence is told, at most 200; asked again after each reconnect.</summary>
    public Task<IReadOnlyList<ImPresence>> WatchAsync(IEnumerable<string> users, CancellationToken cancellation = default)
    {
        var data = Commands.Watch(users);
        return AskAsync((finished, now) => _loop.Engine.Watch(data, finished, now), Answers.Presences, cancellation);
    }

    /// <summary>The user's conversations, the most recently active first.</summary>
    /// <param name="limit">1 to 200.</param>
    /// <param name="after">The last conversation of the page before.</param>
    public Task<ImConversationPage> ConversationsAsync(int limit = 50, string? after = null, CancellationToken cancellation = default) =>
        CallAsync("convs", Commands.Conversations(limit, after), Answers.Conversations, cancellation);

    /// <summary>Makes a group; this user becomes its owner.</summary>
    /// <param name="conversation">Its id, <c>g:…</c>; the server makes one when null.</param>
    public Task<ImGroup> CreateGroupAsync(string name, IEnumerable<string> users, string? conversation = null, string? cid = null, CancellationToken cancellation = default) =>
        GroupAsync("create", conversation, cid, name, users, null, cancellation);

    /// <summary>Adds members to a group.</summary>
    public Task<ImGroup> AddMembersAsync(string group, IEnumerable<string> users, string? cid = null, CancellationToken cancellation = default) =>
        GroupAsync("add", group, cid, null, users, null, cancellation);

    /// <summary>Removes members from a group.</summary>
    public Task<ImGroup> RemoveMembersAsync(string group, IEnumerable<string> users, string? cid = null, CancellationToken cancellation = default) =>
        GroupAsync("remove", group, cid, null, users, null, cancellation);

    /// <summary>Leaves a group.</summary>
    public Task<ImGroup> LeaveGroupAsync(string group, string? cid = null, CancellationToken cancellation = default) =>
        GroupAsync("leave", group, cid, null, null, null, cancellation);

    /// <summary>Changes the role of members: owner, admin, member or muted.</summary>
    public Task<ImGroup> SetRoleAsync(string group, IEnumerable<string> users, string role, string? cid = null, CancellationToken cancellation = default) =>
        GroupAsync("role", group, cid, null, users, role, cancellation);

    /// <summary>A group's name and members.</summary>
    public Task<ImGroup> GetGroupAsync(string group, CancellationToken cancellation = default) =>
        CallAsync("group", Commands.Group("get", group, null, null, null, null), reply => Answers.Group(reply, group), cancellation);

    /// <summary>Gives the server a new token for this session. With a <see cref="ImChatClientOptions.TokenProvider"/> this happens by itself.</summary>
    /// <returns>When the new token expires.</returns>
    public Task<DateTimeOffset> RefreshTokenAsync(string token, CancellationToken cancellation = default) =>
        CallAsync("token", Commands.Token(token), reply => RecordReader.Time(reply.Data, "expiresMs"), cancellation);

    /// <summary>Ends the session on the server and stops.</summary>
    public async Task LogoutAsync(CancellationToken cancellation = default)
    {
        await CallAsync("logout", [], _ => true, cancellation).ConfigureAwait(false);
        await _loop.DoAsync(() => _loop.Engine.Stop(null, null, "logged out")).ConfigureAwait(false);
    }

    /// <summary>Stops: the socket is closed, waiting commands fail with <see cref="ImStoppedException"/>, the store is flushed and keeps the unsent ones.</summary>
    public async ValueTask DisposeAsync()
    {
        await _loop.DisposeAsync().ConfigureAwait(false);
        _records.Complete();
        await _loop.Store.FlushAsync(CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>True while an own durable command to the conversation has no answer. Only for handlers of <see cref="Noticed"/>.</summary>
    internal bool HasUnanswered(string conversation) => _loop.Engine.HasUnanswered(conversation);

    /// <summary>Drops the connection without a word, as a broken network does; the client reconnects. For tests and checkers.</summary>
    internal ValueTask BreakAsync() => _loop.DoAsync(_loop.Engine.Break);

    /// <summary>Stays on its connection, and goes on sending there, however long nothing is heard on it. Over once something is. For checkers.</summary>
    internal ValueTask HoldAsync() => _loop.DoAsync(_loop.Engine.Hold);

    private Task<ImGroup> GroupAsync(string operation, string? group, string? cid, string? name, IEnumerable<string>? users, string? role, CancellationToken cancellation)
    {
        var members = users?.ToArray();
        return StoreAsync("group", group ?? "", cid, id => Commands.Group(operation, group, name, members, role, id), (reply, _) => Answers.Group(reply, group ?? ""), cancellation);
    }

    private async Task<T> StoreAsync<T>(string command, string conversation, string? cid, Func<string, byte[]> data, Func<Reply, string, T> read, CancellationToken cancellation)
    {
        var id = cid ?? Ulid.New(_time.GetUtcNow());
        var bytes = data(id);
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var entry = new OutboxEntry(new ImQueuedCommand(id, command, conversation, Encoding.UTF8.GetString(bytes), 0), bytes, (_, reply) =>
        {
            if (reply is null) result.TrySetException(new ImStoppedException(LastChange.Reason));
            else if (reply.IsSuccess) result.TrySetResult(read(reply, id));
            else result.TrySetException(reply.Refusal());
        });
        await _loop.DoAsync(() =>
        {
            if (_loop.Engine.TrySend(entry, _loop.Now)) return;
            result.TrySetException(_loop.Engine.IsStopped ? new ImStoppedException(LastChange.Reason) : new ImQueueFullException(Options.MaxQueuedCount));
        }).ConfigureAwait(false);
        return await result.Task.WaitAsync(cancellation).ConfigureAwait(false);
    }

    private Task<T> CallAsync<T>(string command, byte[] data, Func<Reply, T> read, CancellationToken cancellation, bool isOnce = false) =>
        AskAsync((finished, now) => _loop.Engine.Call(new Call(command, data, isOnce, finished), now), read, cancellation);

    private async Task<T> AskAsync<T>(Action<Action<Reply?, Exception?>, long> ask, Func<Reply, T> read, CancellationToken cancellation)
    {
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        await _loop.DoAsync(() => ask(
            (reply, failure) =>
            {
                if (failure is not null) result.TrySetException(failure);
                else if (reply!.IsSuccess) result.TrySetResult(read(reply));
                else result.TrySetException(reply.Refusal());
            },
            _loop.Now)).ConfigureAwait(false);
        return await result.Task.WaitAsync(cancellation).ConfigureAwait(false);
    }

    private async ValueTask TakeAsync(ImRecord record)
    {
        try
        {
            await _loop.DoAsync(() => _loop.Engine.OnTaken(record.Conversation, record.Epoch, record.Mseq, _loop.Now)).ConfigureAwait(false);
        }
        catch (ImStoppedException)
        {
            // The loop is gone; the record comes again to the next client of this store.
        }
    }

    private void OnQueuedFinished(OutboxEntry entry, Reply? reply)
    {
        if (reply is not null) Noticed?.Invoke(new ImQueuedSendFinished(entry.Cid, reply.IsSuccess ? Answers.Sent(reply, entry.Cid) : null, reply.IsSuccess ? null : reply.Code));
    }

    private void OnChanged(ImStateChange change)
    {
        LastChange = change;
        if (change.State == ImClientState.Online) _online.TrySetResult();
        else if (change.State == ImClientState.Stopped) Volatile.Read(ref _online).TrySetException(new ImStoppedException(change.Reason));
        else if (_online.Task.IsCompleted) Volatile.Write(ref _online, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        StateChanged?.Invoke(change);
    }
}
