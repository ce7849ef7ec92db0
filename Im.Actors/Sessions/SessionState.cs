namespace Im.Actors.Sessions;

/// <summary>One connection of a user.</summary>
/// <param name="Device">Null for level 0.</param>
internal sealed record SessionConnection(string ConnectionId, Akka.Actor.IActorRef Actor, string? Device, string? Platform, long Try)
{
    /// <summary>What a back end sees as the device: level 0 has none, so the connection stands for it.</summary>
    public string DeviceName => Device ?? ConnectionId;
}

internal enum AttachDecision
{
    Accept,

    /// <summary>Accept and close the device's older connection with 4006.</summary>
    Replace,

    /// <summary>A connection of a later attempt lives: refuse with 4204.</summary>
    RefuseStale,
}

/// <summary>A user's connections. Immutable; most users have one, so the list is an array.</summary>
internal sealed record SessionState(IReadOnlyList<SessionConnection> Connections)
{
    public static readonly SessionState Empty = new([]);

    public bool IsEmpty => Connections.Count == 0;

    /// <summary>The kick rule: one connection per device, the later attempt wins (rules.md §5).</summary>
    public (AttachDecision Decision, SessionConnection? Older) Decide(SessionCommands.Attach attach)
    {
        foreach (var connection in Connections)
        {
            if (attach.Device is null || connection.Device != attach.Device || connection.ConnectionId == attach.ConnectionId) continue;
            return attach.Try < connection.Try ? (AttachDecision.RefuseStale, connection) : (AttachDecision.Replace, connection);
        }

        return (AttachDecision.Accept, null);
    }

    /// <summary>The connection is in, its device's older one out. The same attach again changes nothing.</summary>
    public SessionState Apply(SessionCommands.Attach attach)
    {
        var added = new SessionConnection(attach.ConnectionId, attach.Connection, attach.Device, attach.Platform, attach.Try);
        return new SessionState([.. Connections.Where(c => c.ConnectionId != attach.ConnectionId && (attach.Device is null || c.Device != attach.Device)), added]);
    }

    public SessionState Apply(SessionCommands.Detach detach) =>
        new([.. Connections.Where(c => c.ConnectionId != detach.ConnectionId)]);
}
