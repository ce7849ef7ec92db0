using Im.Cli.Verify.Facts;

namespace Im.Cli.Verify.Load;

/// <summary>
/// A user who may have one connection logs in from two devices in turn, again and again, each login taking the place of the one before. Now and then the device
/// that is online is logged in once more as a late attempt of it would be: with a lower try.
/// </summary>
internal sealed class LoginTurns(Uri url, uint app, string user, FactBook book, LoginBook logins) : IAsyncDisposable
{
    /// <summary>Longer than a kick takes.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private const int StaleEvery = 4;

    private readonly List<LoginConnection> _open = [];
    private long _try = 1;

    /// <summary>Until it is stopped. Who is online then stays.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await LoginAsync();
                await Task.Delay(Pause, stop);
            }
        }
        catch (OperationCanceledException)
        {
            // The load is over.
        }
    }

    /// <summary>One login, or a try of it.</summary>
    public async Task LoginAsync()
    {
        _try += 2;
        var turn = _try / 2;
        var device = turn % 2;
        await OpenAsync(device, _try);
        if (turn % StaleEvery == 0) await OpenAsync(device, _try - 1);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in _open) await connection.DisposeAsync();
    }

    private async Task OpenAsync(long device, long number)
    {
        foreach (var ended in _open.Where(connection => connection.Fact.EndedMs is not null).ToList())
        {
            _open.Remove(ended);
            await ended.DisposeAsync();
        }
        var login = new LoginConnection(url, app, logins.Begin(user, $"{user}-{(device == 0 ? "one" : "two")}", number), book);
        _open.Add(login);
        await login.LoginAsync();
    }
}
