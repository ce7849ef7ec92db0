using System.Collections.Concurrent;
using Im.Cli.Verify.Facts;

namespace Im.Cli.Verify.Load;

/// <summary>Takes logins and what is told of them from all clients at once.</summary>
internal sealed class LoginBook(FactBook book)
{
    public ConcurrentQueue<LoginFact> Logins { get; } = new();

    public ConcurrentQueue<PresenceFact> Seen { get; } = new();

    public ConcurrentQueue<AwayFact> WatcherAway { get; } = new();

    public ConcurrentQueue<PresenceFact> Asked { get; } = new();

    public LoginFact Begin(string user, string device, long number)
    {
        var login = new LoginFact(user, device, number, book.NowMs);
        Logins.Enqueue(login);
        return login;
    }

    /// <summary>As it is now: connections that live go on to change theirs.</summary>
    public SessionFacts Facts() => new(
        [.. Logins.Select(login => new LoginFact(login.User, login.Device, login.Try, login.BegunMs) { OnlineMs = login.OnlineMs, EndedMs = login.EndedMs, CloseCode = login.CloseCode, IsLeft = login.IsLeft })],
        [.. Seen],
        [.. WatcherAway],
        [.. Asked],
        book.NowMs);
}
