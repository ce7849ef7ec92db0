using System.Collections.Concurrent;
using Im.Actors.Connections.Commands;

namespace Im.Actors.Connections;

/// <summary>The connections of this node that watch somebody. When a node has gone, the sessions that lived there no longer know them: all ask again.</summary>
internal sealed class WatchIndex
{
    private readonly ConcurrentDictionary<WatchList, TimerWheel> _lists = new();

    public int Count => _lists.Count;

    public void Add(WatchList list, TimerWheel wheel) => _lists[list] = wheel;

    public void Remove(WatchList list) => _lists.TryRemove(list, out _);

    /// <summary>Shards that were on a lost node need a moment until messages to them wait for their new place.</summary>
    private const int SettleMs = 250;

    /// <summary>Every list is renewed once, spread over the time given, so that the sessions are not asked all at once.</summary>
    public void RenewWithin(TimeSpan within)
    {
        foreach (var (list, wheel) in _lists) wheel.Schedule(list, wheel.NowMs + SettleMs + Random.Shared.Next((int)within.TotalMilliseconds));
    }
}
