using System.Diagnostics;
using Im.Cli.Bench.Engine;

namespace Im.Cli.Bench.Clients;

/// <summary>Clients that were refused and wait before they try again, as the protocol has it: at random, in a second at first, twice as long after each try, 30 s at most. Belongs to one reactor's thread.</summary>
internal sealed class RetryQueue
{
    private const double FirstSeconds = 1, MaxSeconds = 30;

    private readonly PriorityQueue<ClientConnection, long> _waiting = new();
    private readonly Dictionary<ClientConnection, int> _tries = [];

    public bool IsEmpty => _waiting.Count == 0;

    public void Add(ClientConnection connection, long now)
    {
        var tries = _tries[connection] = _tries.GetValueOrDefault(connection) + 1;
        var bound = Math.Min(MaxSeconds, FirstSeconds * Math.Pow(2, tries - 1));
        _waiting.Enqueue(connection, now + (long)(Random.Shared.NextDouble() * bound * Stopwatch.Frequency));
    }

    /// <summary>One whose pause is over.</summary>
    public bool TryTake(long now, out ClientConnection connection) =>
        _waiting.TryPeek(out connection!, out var due) && due <= now && _waiting.TryDequeue(out connection!, out _);

    /// <summary>Nobody waits any more, and everybody begins anew.</summary>
    public void Clear()
    {
        _waiting.Clear();
        _tries.Clear();
    }
}
