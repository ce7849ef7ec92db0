using System.ComponentModel.DataAnnotations;

namespace Im.Node.Configuration;

internal enum AuthMode
{
    /// <summary><c>userId</c> is taken as given: for one machine, hence loopback binds only.</summary>
    Guest,

    /// <summary>Signed tokens. Not built yet; refused at start.</summary>
    Jwt,
}

internal sealed record AuthOptions
{
    public AuthMode Mode { get; init; } = AuthMode.Guest;

    /// <summary>Allows guest mode on an address that others can reach: anyone there can chat under any name. Insecure.</summary>
    public bool AllowInsecureGuest { get; init; }
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
