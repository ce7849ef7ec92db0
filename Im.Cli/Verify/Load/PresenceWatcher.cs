using Im.Cli.Verify.Facts;
using Im.Client;

namespace Im.Cli.Verify.Load;

/// <summary>Watches users, and notes what it is told of them, and when it had no connection. The client asks again after each reconnect.</summary>
internal sealed class PresenceWatcher : IAsyncDisposable
{
    private static readonly TimeSpan OnlineLimit = TimeSpan.FromSeconds(60);

    private readonly ImChatClient _client;
    private readonly FactBook _book;
    private readonly LoginBook _logins;
    private long? _awayMs = 0;

    public PresenceWatcher(Uri url, uint app, string user, FactBook book, LoginBook logins)
    {
        (_book, _logins) = (book, logins);
        _client = new ImChatClient(new ImChatClientOptions { Url = url, App = app, User = user, Device = $"{user}-one", DeliversRecords = false });
        _client.Noticed += OnNotice;
        _client.StateChanged += OnState;
    }

    public async Task StartAsync(IReadOnlyList<string> users, CancellationToken cancellation)
    {
        await _client.StartAsync(cancellation);
        await _client.WaitUntilOnlineAsync(cancellation).WaitAsync(OnlineLimit, cancellation);
        foreach (var user in await _client.WatchAsync(users, cancellation)) OnNotice(user);
    }

    /// <summary>Notes a time without a connection that has not ended yet.</summary>
    public void NoteAway()
    {
        if (_awayMs is { } from) _logins.WatcherAway.Enqueue(new AwayFact(from, null, _book.NowMs));
    }

    public ValueTask DisposeAsync() => _client.DisposeAsync();

    private void OnNotice(ImNotice notice)
    {
        if (notice is ImPresence presence) _logins.Seen.Enqueue(new PresenceFact(presence.User, presence.IsOnline ? "ONLINE" : "OFFLINE", _book.NowMs));
    }

    private void OnState(ImStateChange change)
    {
        if (change.State != ImClientState.Online)
        {
            _awayMs ??= _book.NowMs;
            return;
        }
        if (_awayMs is { } from) _logins.WatcherAway.Enqueue(new AwayFact(from, null, _book.NowMs));
        _awayMs = null;
    }
}
