using Akka.Actor;
using Im.Actors.Sessions.Policies;

namespace Im.Actors.Sessions;

/// <summary>One connection of a user.</summary>
/// <param name="Device">Null for level 0.</param>
/// <param name="SinceMs">Unix milliseconds of its login.</param>
internal sealed record SessionConnection(string ConnectionId, IActorRef Actor, string? Device, string? Platform, long Try, long SinceMs)
{
    /// <summary>When its node last said that it holds it, by the session's clock; of a connection on another node only.</summary>
    public long RenewedAtMs { get; init; }

    public bool IsRemote => Actor.Path.Address.HasGlobalScope;

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

/// <summary>A user's connections. Immutable; most users have one, and an array of just the length is the least that holds them.</summary>
internal sealed record SessionState(IReadOnlyList<SessionConnection> Connections)
{
    public static readonly SessionState Empty = new([]);

    public bool IsEmpty => Connections.Count == 0;

    public bool HasRemote
    {
        get
        {
            foreach (var connection in Connections)
            {
                if (connection.IsRemote) return true;
            }

            return false;
        }
    }

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

    /// <summary>
    /// A connection that was attached before and is not known here: two owners let it and another in, or its session was lost. It is
    /// in unless somebody who excludes it has the better right: of one device the later attempt, else the later login
    /// (the earlier where the app refuses newcomers).
    /// </summary>
    public AttachPlan DecideOffer(SessionCommands.Attach attach, DevicePolicy policy)
    {
        List<SessionConnection>? losers = null;
        foreach (var other in Connections)
        {
            if (other.ConnectionId == attach.ConnectionId || !Excludes(policy.Devices, attach, other)) continue;
            if (!Yields(other, attach, policy.OnConflict)) return policy.OnConflict == ConflictRule.Refuse ? AttachPlan.RefuseNew : AttachPlan.Stale;
            (losers ??= []).Add(other);
        }

        return new AttachPlan(AttachDecision.Accept, losers ?? (IReadOnlyList<SessionConnection>)[]);
    }

    /// <summary>The connection is in, those who lose are out. The same attach again renews it.</summary>
    public SessionState Apply(SessionCommands.Attach attach, IReadOnlyList<SessionConnection> losers, long nowMs = 0)
    {
        var added = new SessionConnection(attach.ConnectionId, attach.Connection, attach.Device, attach.Platform, attach.Try, attach.SinceMs) { RenewedAtMs = nowMs };
        if (Connections.Count == 0) return new SessionState([added]);
        return new SessionState(Connections.Where(c => c.ConnectionId != attach.ConnectionId && !losers.Contains(c)).Append(added).ToArray());
    }

    /// <summary>Without those that are no more.</summary>
    public SessionState Without(Predicate<SessionConnection> isGone) => new(Connections.Where(c => !isGone(c)).ToArray());

    public SessionConnection? Find(string connectionId)
    {
        foreach (var connection in Connections)
        {
            if (connection.ConnectionId == connectionId) return connection;
        }

        return null;
    }

    public SessionState Apply(SessionCommands.Detach detach) =>
        new(Connections.Where(c => c.ConnectionId != detach.ConnectionId).ToArray());

    private static bool Excludes(DeviceRule rule, SessionCommands.Attach attach, SessionConnection other) => rule switch
    {
        DeviceRule.None => false,
        DeviceRule.Device => IsSameDevice(attach, other),
        DeviceRule.Platform => IsSameDevice(attach, other) || attach.Platform == other.Platform,
        _ => true,
    };

    /// <summary>Gives the one in place its place up to the other?</summary>
    private static bool Yields(SessionConnection held, SessionCommands.Attach offered, ConflictRule rule)
    {
        if (IsSameDevice(offered, held) && offered.Try != held.Try) return offered.Try > held.Try;
        if (offered.SinceMs != held.SinceMs) return (offered.SinceMs > held.SinceMs) == (rule == ConflictRule.Kick);
        return string.CompareOrdinal(offered.ConnectionId, held.ConnectionId) > 0;
    }

    private static bool IsSameDevice(SessionCommands.Attach attach, SessionConnection other) => attach.Device is not null && attach.Device == other.Device;
}
