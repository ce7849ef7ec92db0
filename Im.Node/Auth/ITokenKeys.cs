using Microsoft.IdentityModel.Tokens;

namespace Im.Node.Auth;

/// <summary>The keys that tokens may be signed with.</summary>
internal interface ITokenKeys
{
    /// <summary>The only algorithms that these keys may be used with; a token that names another is refused before a key is looked for.</summary>
    IReadOnlyList<string> Algorithms { get; }

    /// <summary>The rules for a token that names this key. Completes at once unless keys have to be fetched; never throws.</summary>
    /// <param name="keyId">The token's <c>kid</c>, or null.</param>
    ValueTask<KeyAnswer> FindAsync(string? keyId);
}

/// <param name="IsKnown">False: it cannot be told now whether there is such a key.</param>
/// <param name="Rules">Null: there is no such key.</param>
internal readonly record struct KeyAnswer(bool IsKnown, TokenValidationParameters? Rules);

/// <summary>What <c>iss</c> and <c>aud</c> have to be; null is not looked at.</summary>
internal sealed record TokenAudience(string? Issuer, string? Audience)
{
    /// <summary>The library's part of the checks: signature, algorithm, issuer, audience. Times are checked by <see cref="TokenValidator"/>, on the node's clock.</summary>
    public TokenValidationParameters Rules(IEnumerable<SecurityKey> keys, IEnumerable<string> algorithms) => new()
    {
        IssuerSigningKeys = [.. keys],
        ValidAlgorithms = [.. algorithms],
        RequireSignedTokens = true,
        ValidateIssuer = Issuer is not null,
        ValidIssuer = Issuer,
        ValidateAudience = Audience is not null,
        ValidAudience = Audience,
        ValidateLifetime = false,
    };
}
