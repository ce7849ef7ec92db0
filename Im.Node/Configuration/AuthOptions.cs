using System.ComponentModel.DataAnnotations;

namespace Im.Node.Configuration;

internal enum AuthMode
{
    /// <summary><c>userId</c> is taken as given: for one machine, hence loopback binds only.</summary>
    Guest,

    /// <summary>Signed tokens: the user is the token's <c>sub</c>.</summary>
    Jwt,
}

internal sealed record AuthOptions
{
    public AuthMode Mode { get; init; } = AuthMode.Guest;

    /// <summary>Allows guest mode on an address that others can reach: anyone there can chat under any name. Insecure.</summary>
    public bool AllowInsecureGuest { get; init; }

    public JwtOptions Jwt { get; init; } = new();
}

/// <summary>Which tokens are good, in <see cref="AuthMode.Jwt"/>.</summary>
internal sealed record JwtOptions
{
    /// <summary>Fewer bytes could be guessed.</summary>
    public const int MinKeyBytes = 32;

    /// <summary>Base64 of at least 32 bytes: signs HS256 tokens. Not set: <c>jwtKey</c> of <c>secrets.json</c>.</summary>
    public string? Key { get; init; }

    /// <summary>The key before <see cref="Key"/>, accepted too while tokens signed with it are about.</summary>
    public string? PreviousKey { get; init; }

    /// <summary>Where the issuer publishes its keys (RFC 7517); tokens are then RS256, PS256 or ES256, and no symmetric key is accepted.</summary>
    public string? JwksUrl { get; init; }

    /// <summary>What <c>iss</c> must be; not set: not looked at.</summary>
    public string? Issuer { get; init; }

    /// <summary>What <c>aud</c> must name; not set: not looked at.</summary>
    public string? Audience { get; init; }

    /// <summary>How far the issuer's clock may be from ours.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan Leeway { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest life of a token, from <c>iat</c> to <c>exp</c> (without <c>iat</c>: from now); a longer one is refused. The revocation of a token is kept for as long.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "3650.00:00:00")]
    public TimeSpan MaxLifetime { get; init; } = TimeSpan.FromDays(366);

    /// <summary>From the issue of a token until it is taken nowhere any more: the issuer's clock may be off when it begins and when it ends.</summary>
    public TimeSpan TokenAge => MaxLifetime + (2 * Leeway);
}

internal sealed record IngressOptions
{
    /// <summary>API keys besides the one in <c>secrets.json</c>.</summary>
    public IReadOnlyList<ApiKeyOptions> ApiKeys { get; init; } = [];

    /// <summary>How long an idempotency key of a push is remembered.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan IdempotencyRetention { get; init; } = TimeSpan.FromMinutes(10);
}

internal sealed record ApiKeyOptions
{
    /// <summary>Name of the key in logs and as sender of pushes, 1–64 characters.</summary>
    public string Id { get; init; } = "";

    /// <summary>SHA-256 of the key, 64 hexadecimal digits; the key itself is stored nowhere.</summary>
    public string Hash { get; init; } = "";

    /// <summary>What the key may do; empty means everything.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];
}
