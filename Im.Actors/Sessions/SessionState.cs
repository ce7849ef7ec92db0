using Im.Actors.Sessions.Policies;

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
    /// <summary>The connection is in; who loses its place is closed with 4006.</summary>
    Accept,

    /// <summary>A connection of a later attempt lives: refuse with 4204.</summary>
    RefuseStale,

    /// <summary>Others hold the place and the app lets them: refuse with 1019 and 4009.</summary>
    RefuseNew,
}

/// <param name="Losers">Connections that give way.</param>
internal readonly record struct AttachPlan(AttachDecision Decision, IReadOnlyList<SessionConnection> Losers)
{
    public static readonly AttachPlan Stale = new(AttachDecision.RefuseStale, []);
    public static readonly AttachPlan RefuseNew = new(AttachDecision.RefuseNew, []);
}

/// <summary>A user's connections. Immutable; most users have one, so the list is an array.</summary>
internal sealed record SessionState(IReadOnlyList<SessionConnection> Connections)
{
    public static readonly SessionState Empty = new([]);

    public bool IsEmpty => Connections.Count == 0;

    /// <summary>The kick rule (rules.md §5): of one device the later attempt wins; between devices the app's policy decides.</summary>
    public AttachPlan Decide(SessionCommands.Attach attach, DevicePolicy policy)
    {
        List<SessionConnection>? losers = null;
        foreach (var other in Connections)
        {
            if (other.ConnectionId == attach.ConnectionId || !Excludes(policy.Devices, attach, other)) continue;
            var isSameDevice = IsSameDevice(attach, other);
            if (isSameDevice && attach.Try < other.Try) return AttachPlan.Stale;

            // A greater try of the same device is that device coming back before its old socket was seen to be dead.
            if (policy.OnConflict == ConflictRule.Refuse && !(isSameDevice && attach.Try > other.Try)) return AttachPlan.RefuseNew;
            (losers ??= []).Add(other);
        }

        return new AttachPlan(AttachDecision.Accept, losers ?? (IReadOnlyList<SessionConnection>)[]);
    }

    /// <summary>The connection is in, those who lose are out. The same attach again changes nothing.</summary>
    public SessionState Apply(SessionCommands.Attach attach, IReadOnlyList<SessionConnection> losers)
    {
        var added = new SessionConnection(attach.ConnectionId, attach.Connection, attach.Device, attach.Platform, attach.Try);
        return new SessionState([.. Connections.Where(c => c.ConnectionId != attach.ConnectionId && !losers.Contains(c)), added]);
    }

    public SessionState Apply(SessionCommands.Detach detach) =>
        new([.. Connections.Where(c => c.ConnectionId != detach.ConnectionId)]);

    private static bool Excludes(DeviceRule rule, SessionCommands.Attach attach, SessionConnection other) => rule switch
    {
        DeviceRule.None => false,
        DeviceRule.Device => IsSameDevice(attach, other),
        DeviceRule.Platform => IsSameDevice(attach, other) || attach.Platform == other.Platform,
        _ => true,
    };

    private static bool IsSameDevice(SessionCommands.Attach attach, SessionConnection other) => attach.Device is not null && attach.Device == other.Device;
}
