using Im.Actors.Conversations.Store;
using Im.Protocol.Names;

namespace Im.Actors.Sessions.Revocations;

/// <summary>
/// Takes tokens back, durably and on every node: once a call has ended, the revocation is stored, and within a second no connection
/// lives by such a token (close 4003) and none logs in with it. A failing store throws, and nothing is revoked then.
/// </summary>
public interface IRevocations
{
    /// <summary>All tokens of the user issued before a time. One in the future blocks the user until then, with newer tokens too.</summary>
    Task<Revocation> RevokeUserAsync(AppId app, UserId user, DateTimeOffset issuedBefore, CancellationToken cancellation = default);

    /// <summary>One token by its <c>jti</c>.</summary>
    /// <param name="endsAt">Its <c>exp</c>, until which the revocation is kept at least. Null keeps it for good: a token's id does not say how long it lives.</param>
    Task<Revocation> RevokeTokenAsync(AppId app, string tokenId, DateTimeOffset? endsAt = null, CancellationToken cancellation = default);

    /// <summary>Lifts what holds against the user; tokens that were revoked one by one stay so.</summary>
    Task<Revocation> LiftAsync(AppId app, UserId user, CancellationToken cancellation = default);
}
