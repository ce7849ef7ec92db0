using Im.Actors.Sessions.Policies;
using Im.Actors.Sessions.Revocations;

namespace Im.Actors.Sessions;

/// <summary>How this node tells who somebody is; one object for all connections.</summary>
internal sealed record IdentityServices
{
    /// <summary>Null in guest mode: <c>userId</c> is taken as given.</summary>
    public ITokenValidator? Tokens { get; init; }

    /// <summary>Null in guest mode, where there is no token to take back.</summary>
    public RevocationTable? Revocations { get; init; }

    public required LoginGate Gate { get; init; }

    public DevicePolicies Devices { get; init; } = DevicePolicies.Default;

    public static IdentityServices Guest(TimeProvider time) => new() { Gate = new LoginGate(new LoginGateSettings(), time) };
}
