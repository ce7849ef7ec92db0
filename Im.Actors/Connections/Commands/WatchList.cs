using Akka.Actor;
using Im.Actors.Messages;
using Im.Actors.Sessions;
using Im.Protocol.Json;
using Im.Protocol.Names;

namespace Im.Actors.Connections.Commands;

/// <summary>
/// Whose presence a connection is told of, at most <see cref="WatchHandler.MaxUsersCount"/>, and what it was told last. Asks every session again once a
/// minute, since one may have ended without a word; its deadline is this object on the node's wheel.
/// </summary>
internal sealed class WatchList(IActorRef connection, AppId app) : WheelEntry
{
    public const int RenewMs = 60_000;

    private readonly Dictionary<string, SessionEvents.Presence?> _told = [];   // null: not answered yet

    private volatile bool _ended;

    private sealed record Renew : ILocalMessage
    {
        public static readonly Renew Instance = new();
    }

    /// <summary>Watches these from now on, and nobody else.</summary>
    public void Replace(IConnection connection, IReadOnlyCollection<string> users)
    {
        foreach (var gone in _told.Keys.Except(users).ToArray())
        {
            _told.Remove(gone);
            connection.Services.Sessions.Tell(new SessionCommands.Unwatch(KeyOf(gone), connection.Slot.ConnectionId), ActorRefs.NoSender);
        }

        foreach (var user in users) _told.TryAdd(user, null);
        AskAll(connection);
        var wheel = connection.Slot.Lane.Wheel;
        wheel.Schedule(this, wheel.NowMs + RenewMs);
        connection.Services.Watching.Add(this, wheel);
    }

    /// <summary>Asks one session how its user is; it goes on telling.</summary>
    public void Ask(IConnection connection, string user) =>
        connection.Services.Sessions.Tell(new SessionCommands.Watch(KeyOf(user), connection.Slot.ConnectionId, connection.Self), connection.Self);

    /// <summary>The reply says this of the user: pushes only tell what is different.</summary>
    public void Told(SessionEvents.Presence presence)
    {
        if (_told.ContainsKey(presence.User.User.Value)) _told[presence.User.User.Value] = presence;
    }

    /// <returns>False when the message is not for this list.</returns>
    public bool OnMessage(IConnection connection, object message)
    {
        switch (message)
        {
            case SessionEvents.Presence presence: OnPresence(connection, presence); return true;
            case SessionEvents.WatchAgain again: OnWatchAgain(connection, again.User); return true;
            case Renew: AskAll(connection); return true;
            default: return false;
        }
    }

    /// <summary>The connection ends, or watches nobody any more.</summary>
    public void End(IConnection connection)
    {
        _ended = true;
        connection.Services.Watching.Remove(this);
        connection.Slot.Lane.Wheel.Cancel(this);
        foreach (var user in _told.Keys) connection.Services.Sessions.Tell(new SessionCommands.Unwatch(KeyOf(user), connection.Slot.ConnectionId), ActorRefs.NoSender);
        _told.Clear();
    }

    protected internal override long OnDue(long nowMs)
    {
        // It may have ended while this deadline was already being called.
        if (_ended) return 0;
        connection.Tell(Renew.Instance, ActorRefs.NoSender);
        return nowMs + RenewMs;
    }

    private void AskAll(IConnection connection)
    {
        foreach (var user in _told.Keys) Ask(connection, user);
    }

    private void OnPresence(IConnection connection, SessionEvents.Presence presence)
    {
        var user = presence.User.User.Value;
        if (!_told.TryGetValue(user, out var last)) return;
        _told[user] = presence;
        if (last is not null && last.IsOnline == presence.IsOnline && last.Platforms.SequenceEqual(presence.Platforms)) return;
        var state = new UserState(user, presence.IsOnline, presence.Platforms, presence.LastSeenMs);
        var frame = new Frame(PresenceWriter.Presence(connection.Services.NewMessageId(), state), FrameKind.Ephemeral, "presence:" + user);
        if (connection.Slot.Offer(frame) == OfferResult.Full) _told[user] = null;   // told again with the next renewal
    }

    private void OnWatchAgain(IConnection connection, UserKey user)
    {
        if (user.App == app && _told.ContainsKey(user.User.Value)) Ask(connection, user.User.Value);
    }

    private UserKey KeyOf(string user) => new(app, new UserId(user));
}
