using Akka.Actor;
using Im.Actors.Conversations.Store;
using Im.Actors.Messages;
using Im.Actors.Sessions;
using Im.Protocol.Json;

namespace Im.Actors.Connections.Commands;

/// <summary>
/// A <c>watch</c> under way: every user's session is asked, then the store for when those who are away were last seen. Who is not
/// answered for in four seconds is <c>unknown</c>; the push comes when the answer does.
/// </summary>
internal sealed class WatchFlow(ConnectionInput.Command command, string[] users) : CommandFlow
{
    private static readonly TimeSpan StorePatience = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, SessionEvents.Presence> _answers = [];
    private bool _repeated;
    private bool _reading;

    private sealed record LastSeen(WatchFlow Flow, IReadOnlyDictionary<string, long>? ByUser) : ILocalMessage;

    public override void Repeat(IConnection connection)
    {
        if (_reading) return;
        if (_repeated)
        {
            Read(connection);
            return;
        }

        _repeated = true;
        foreach (var user in users)
        {
            if (!_answers.ContainsKey(user)) connection.Watches!.Ask(connection, user);
        }
    }

    public override bool OnMessage(IConnection connection, object message)
    {
        switch (message)
        {
            case SessionEvents.Presence presence when !_reading && users.Contains(presence.User.User.Value): OnPresence(connection, presence); return true;
            case LastSeen read when read.Flow == this: Finish(connection, read.ByUser); return true;
            default: return false;
        }
    }

    private void OnPresence(IConnection connection, SessionEvents.Presence presence)
    {
        _answers[presence.User.User.Value] = presence;
        connection.Watches!.Told(presence);
        if (_answers.Count == users.Length) Read(connection);
    }

    /// <summary>One question for all that the sessions could not tell.</summary>
    private void Read(IConnection connection)
    {
        _reading = true;
        var away = _answers.Values.Where(answer => answer is { IsOnline: false, LastSeenMs: 0 }).Select(answer => answer.User.User.Value).ToArray();
        if (away.Length == 0)
        {
            Finish(connection, null);
            return;
        }

        ReadAsync(connection.Services.Store, connection.Slot.Attachment!.User.App, away)
            .PipeTo(connection.Self, success: found => new LastSeen(this, found), failure: _ => new LastSeen(this, null));
    }

    private void Finish(IConnection connection, IReadOnlyDictionary<string, long>? lastSeen)
    {
        connection.Reply(command, PresenceWriter.Users(users.Select(user => StateOf(user, lastSeen))));
        connection.Resume();
    }

    private UserState StateOf(string user, IReadOnlyDictionary<string, long>? lastSeen)
    {
        if (!_answers.TryGetValue(user, out var answer)) return new UserState(user, null, [], 0);
        var seenMs = answer.LastSeenMs > 0 || answer.IsOnline ? answer.LastSeenMs : lastSeen?.GetValueOrDefault(user) ?? 0;
        return new UserState(user, answer.IsOnline, answer.Platforms, seenMs);
    }

    private static async Task<IReadOnlyDictionary<string, long>?> ReadAsync(IMessageStore store, Protocol.Names.AppId app, string[] users)
    {
        using var patience = new CancellationTokenSource(StorePatience);
        return await store.ReadLastSeenAsync(app, users, patience.Token).WaitAsync(StorePatience).ConfigureAwait(false);
    }
}
