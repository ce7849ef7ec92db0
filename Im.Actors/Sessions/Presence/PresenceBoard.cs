using Akka.Actor;
using Im.Actors.Messages;
using Im.Actors.Nodes;
using Im.Protocol.Names;

namespace Im.Actors.Sessions.Presence;

/// <summary>
/// Who watches a user, and what they were told last. Made for the first watcher, since most sessions have none. Coming is told at
/// once, going two seconds late, which hides a reconnect. Belongs to its SessionActor's thread.
/// </summary>
/// <remarks>
/// At most 10,000 watchers; one beyond gets answers but no pushes, and asks again within a minute. Among several nodes news may be lost where a
/// link breaks, and those of the session's former node may come after those of this one: each is told once more, a little later.
/// </remarks>
internal sealed class PresenceBoard(UserKey user, IActorRef session, IScheduler scheduler, TimeProvider time, PeerTable peers)
{
    public const int MaxWatchersCount = 10_000;

    public static readonly TimeSpan LeavingDelay = TimeSpan.FromSeconds(2);

    /// <summary>A watcher that did not renew for so long has gone without a word: two and a half renewals.</summary>
    public static readonly TimeSpan WatcherLease = TimeSpan.FromSeconds(150);

    public static readonly TimeSpan RepeatDelay = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(60);

    private readonly Dictionary<string, (IActorRef Actor, long RenewedAt)> _watchers = [];
    private readonly HashSet<string> _toldOnce = [];
    private SessionEvents.Presence? _told;
    private ICancelable? _leaving;
    private ICancelable? _repeat;
    private ICancelable? _sweep;

    /// <summary>Told to the session when what left has been gone long enough.</summary>
    public sealed record LeavingIsOver : ILocalMessage
    {
        public static readonly LeavingIsOver Instance = new();
    }

    public sealed record SweepIsDue : ILocalMessage
    {
        public static readonly SweepIsDue Instance = new();
    }

    public sealed record RepeatIsDue : ILocalMessage
    {
        public static readonly RepeatIsDue Instance = new();
    }

    public bool IsEmpty => _watchers.Count == 0;

    /// <summary>When the last connection went; 0 when none did in this actor's life.</summary>
    public long LastSeenMs { private get; set; }

    /// <summary>Somebody watches from another node.</summary>
    public bool HasRemote => _watchers.Values.Any(watcher => watcher.Actor.Path.Address.HasGlobalScope);

    /// <param name="isSure">False: a node that may hold the user is silent. That the user is away is then not said until <see cref="Known"/>.</param>
    public void Watch(SessionCommands.Watch watch, SessionState state, bool isSure)
    {
        var isRenewal = _watchers.ContainsKey(watch.WatcherId);
        if (isRenewal || _watchers.Count < MaxWatchersCount) _watchers[watch.WatcherId] = (watch.Watcher, time.GetTimestamp());
        if (isSure || !state.IsEmpty) _told ??= Of(state);
        if (_told is not null) watch.Watcher.Tell(_told, session);
        if (_told is not null && !isRenewal) TellAgain([watch.WatcherId]);
        _sweep ??= scheduler.ScheduleTellOnceCancelable(SweepInterval, session, SweepIsDue.Instance, session);
    }

    public void Unwatch(string watcherId) => _watchers.Remove(watcherId);

    /// <summary>Every node has said what it holds: those who were told nothing are told now.</summary>
    public void Known(SessionState state)
    {
        if (_leaving is null && Differs(state)) Tell(state);
    }

    /// <summary>The node is no more, nor is who watched from there.</summary>
    public void Gone(Address node)
    {
        foreach (var (id, watcher) in _watchers)
        {
            if (watcher.Actor.Path.Address.Equals(node)) _watchers.Remove(id);
        }
    }

    public void Attached(SessionState state)
    {
        if (Differs(state)) Tell(state);
        else StopWaiting();
    }

    public void Detached(SessionState state)
    {
        if (!Differs(state)) StopWaiting();
        else _leaving ??= scheduler.ScheduleTellOnceCancelable(LeavingDelay, session, LeavingIsOver.Instance, session);
    }

    public void OnLeavingIsOver(SessionState state)
    {
        // One that was cancelled may be in the mailbox already.
        if (_leaving is not null && Differs(state)) Tell(state);
    }

    public void OnRepeatIsDue()
    {
        _repeat = null;
        foreach (var id in _toldOnce)
        {
            if (_told is not null && _watchers.TryGetValue(id, out var watcher)) watcher.Actor.Tell(_told, session);
        }

        _toldOnce.Clear();
    }

    public void OnSweepIsDue()
    {
        foreach (var (id, watcher) in _watchers)
        {
            if (time.GetElapsedTime(watcher.RenewedAt) > WatcherLease) _watchers.Remove(id);
        }

        _sweep = scheduler.ScheduleTellOnceCancelable(SweepInterval, session, SweepIsDue.Instance, session);
    }

    /// <summary>The session stops: its watchers ask its successor, and their messages end here.</summary>
    public void Close(bool moves)
    {
        _leaving?.Cancel();
        _repeat?.Cancel();
        _sweep?.Cancel();
        if (!moves) return;
        foreach (var (_, watcher) in _watchers) watcher.Actor.Tell(new SessionEvents.WatchAgain(user), session);
    }

    private void Tell(SessionState state)
    {
        StopWaiting();
        _told = Of(state);
        foreach (var (_, watcher) in _watchers) watcher.Actor.Tell(_told, session);
        // All again, and so from now.
        _repeat?.Cancel();
        _repeat = null;
        TellAgain(_watchers.Keys);
    }

    private void TellAgain(IEnumerable<string> watchers)
    {
        if (peers.IsAlone) return;
        _toldOnce.UnionWith(watchers);
        if (_toldOnce.Count > 0) _repeat ??= scheduler.ScheduleTellOnceCancelable(RepeatDelay, session, RepeatIsDue.Instance, session);
    }

    private void StopWaiting()
    {
        _leaving?.Cancel();
        _leaving = null;
    }

    private bool Differs(SessionState state) =>
        _told is null || _told.IsOnline == state.IsEmpty || !_told.Platforms.SequenceEqual(Platforms(state));

    private SessionEvents.Presence Of(SessionState state) => new(user, !state.IsEmpty, Platforms(state), state.IsEmpty ? LastSeenMs : 0);

    private static string[] Platforms(SessionState state) =>
        [.. state.Connections.Select(connection => connection.Platform).OfType<string>().Distinct().Order(StringComparer.Ordinal)];
}
