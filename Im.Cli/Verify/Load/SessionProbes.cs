using System.Net.Http.Json;
using System.Text.Json;
using Im.Cli.Verify.Facts;

namespace Im.Cli.Verify.Load;

/// <summary>
/// Beside the load, in an app that allows a user one connection: users who log in from two devices in turn, users who come and go, and one watcher of all
/// of them.
/// </summary>
internal sealed class SessionProbes : IAsyncDisposable
{
    private const int TurnUsers = 3;
    private const int SubjectUsers = 4;
    private const int QuietTurns = 4;

    private readonly HttpClient _http;
    private readonly uint _app;
    private readonly FactBook _book;
    private readonly LoginBook _logins;
    private readonly List<LoginTurns> _turns;
    private readonly List<PresenceSubject> _subjects;
    private readonly PresenceWatcher _watcher;
    private readonly List<string> _users;

    public SessionProbes(Uri url, HttpClient http, uint app, string run, FactBook book)
    {
        (_http, _app, _book, _logins) = (http, app, book, new LoginBook(book));
        var (turns, subjects) = (Enumerable.Range(0, TurnUsers).Select(i => $"{run}-turns{i}").ToList(), Enumerable.Range(0, SubjectUsers).Select(i => $"{run}-comes{i}").ToList());
        _turns = [.. turns.Select(user => new LoginTurns(url, app, user, book, _logins))];
        _subjects = [.. subjects.Select((user, index) => new PresenceSubject(url, app, user, index % 2 == 0, book, _logins))];
        _watcher = new PresenceWatcher(url, app, $"{run}-watcher", book, _logins);
        _users = [.. turns, .. subjects];
    }

    /// <summary>During the load.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        await _watcher.StartAsync(_users, stop);
        await Task.WhenAll(_turns.Select(turns => turns.RunAsync(stop)).Concat(_subjects.Select(subject => subject.RunAsync(stop))));
    }

    /// <summary>In peace: some more logins, and after each, once its news had their time, the question who is online.</summary>
    public async Task ProbeAsync(CancellationToken cancellation)
    {
        for (var turn = 0; turn < QuietTurns; turn++)
        {
            await Task.WhenAll(_turns.Select(turns => turns.LoginAsync()));
            await Task.Delay(TimeSpan.FromMilliseconds(Checks.PresenceCheck.MaxQuietDelayMs + 500), cancellation);
            await AskAsync(cancellation);
        }
    }

    public SessionFacts Facts()
    {
        _watcher.NoteAway();
        return _logins.Facts();
    }

    public async ValueTask DisposeAsync()
    {
        await _watcher.DisposeAsync();
        foreach (var turns in _turns) await turns.DisposeAsync();
        foreach (var subject in _subjects) await subject.DisposeAsync();
    }

    private async Task AskAsync(CancellationToken cancellation)
    {
        using var response = await _http.PostAsJsonAsync(new Uri($"/api/v1/apps/{_app}/users:queryOnline", UriKind.Relative), new { users = _users }, cancellation);
        response.EnsureSuccessStatusCode();
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(cancellation);
        foreach (var user in answer.GetProperty("users").EnumerateArray())
            _logins.Asked.Enqueue(new PresenceFact(user.GetProperty("user").GetString()!, user.GetProperty("state").GetString()!, _book.NowMs));
    }
}
