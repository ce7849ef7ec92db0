using Im.Cli.Verify.Facts;

namespace Im.Cli.Verify.Load;

/// <summary>A user who is online for a while and offline for a while, longer than the news of either may take. Lost connections are made anew.</summary>
internal sealed class PresenceSubject(Uri url, uint app, string user, bool isOnlineFirst, FactBook book, LoginBook logins) : IAsyncDisposable
{
    private static readonly TimeSpan PhaseTime = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(300);

    private LoginConnection? _connection;
    private long _try;

    /// <summary>Until it is stopped; then it stays what it is, online or offline.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            for (var isOnline = isOnlineFirst; ; isOnline = !isOnline)
            {
                if (!isOnline) await LeaveAsync();
                var began = book.NowMs;
                while (book.NowMs - began < PhaseTime.TotalMilliseconds)
                {
                    if (isOnline) await KeepAsync();
                    await Task.Delay(RetryPause, stop);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The load is over.
        }
    }

    public ValueTask DisposeAsync() => new(LeaveAsync());

    private async Task KeepAsync()
    {
        if (_connection is { IsLive: true }) return;
        await LeaveAsync();
        _connection = new LoginConnection(url, app, logins.Begin(user, $"{user}-one", ++_try), book);
        await _connection.LoginAsync();
    }

    private async Task LeaveAsync()
    {
        if (_connection is { } connection) await connection.DisposeAsync();
        _connection = null;
    }
}
