using Im.Protocol.Names;

namespace Im.Actors.Sessions;

/// <summary>Decides whether a token lets somebody in. Asked once for each login and each refresh; nothing about a token is remembered.</summary>
public interface ITokenValidator
{
    /// <summary>Checks signature, times, issuer, audience and app. Completes at once unless the keys have to be fetched. Never throws for a bad token.</summary>
    /// <param name="token">As the client sent it: any text of any length.</param>
    ValueTask<TokenCheck> CheckAsync(string token, AppId app);
}

public enum TokenVerdict
{
    /// <summary>Not signed by a known key, not for this app, or not well formed: 1012.</summary>
    Invalid,

    /// <summary>Good but for its time: 1011.</summary>
    Expired,

    /// <summary>No key could be had to check it with: close 4104.</summary>
    Unavailable,
    Valid,
}

/// <param name="User">The token's <c>sub</c>. This and what follows only when valid.</param>
/// <param name="EndsAtMs">Unix milliseconds: when the session ends unless a newer token comes.</param>
/// <param name="IssuedAtMs">Unix milliseconds of <c>iat</c>; 0 without one, older than any revocation.</param>
/// <param name="TokenId">The token's <c>jti</c>, or null.</param>
public readonly record struct TokenCheck(TokenVerdict Verdict, UserId User = default, long EndsAtMs = 0, long IssuedAtMs = 0, string? TokenId = null);
