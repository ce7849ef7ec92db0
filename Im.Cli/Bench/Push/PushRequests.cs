using System.Globalization;
using Im.Cli.Bench.Wire;
using Im.Protocol.Ingress.V1;

namespace Im.Cli.Bench.Push;

/// <summary>Makes the pushes: to which user, numbered per user, with the time that its latency counts from. A user belongs to one caller at a time.</summary>
internal sealed class PushRequests(uint app, string run, int users, int sizeBytes, bool stored)
{
    /// <summary>Longest wait of the server for WRITTEN.</summary>
    private const int TimeoutMs = 10_000;

    private readonly int[] _sent = new int[users];

    /// <summary>Pushes that were made for each user so far.</summary>
    public IReadOnlyList<int> Sent => _sent;

    /// <param name="since">Stopwatch when it was due or sent.</param>
    public PushToUserRequest Next(int user, long since) =>
        new PushToUserRequest
        {
            App = app,
            User = string.Create(CultureInfo.InvariantCulture, $"u{run}-{user}"),
            Msg = MarkerText.Of(_sent[user]++, since, sizeBytes),
            Persist = stored,
            WaitFor = WaitFor.Written,
            TimeoutMs = TimeoutMs,
        };
}
