using Microsoft.IdentityModel.Tokens;

namespace Im.Node.Auth;

/// <summary>HS256 with the node's own key, and with the one before while it is rotated.</summary>
internal sealed class SymmetricKeys(IReadOnlyList<byte[]> keys, TokenAudience audience) : ITokenKeys
{
    private readonly TokenValidationParameters _rules = audience.Rules(keys.Select(key => new SymmetricSecurityKey(key)), [SecurityAlgorithms.HmacSha256]);

    public IReadOnlyList<string> Algorithms { get; } = [SecurityAlgorithms.HmacSha256];

    /// <param name="key">Base64; so is <paramref name="previous"/>, which may be null.</param>
    public static IReadOnlyList<byte[]> Decode(string key, string? previous) =>
        previous is null ? [Convert.FromBase64String(key)] : [Convert.FromBase64String(key), Convert.FromBase64String(previous)];

    public ValueTask<KeyAnswer> FindAsync(string? keyId) => ValueTask.FromResult(new KeyAnswer(true, _rules));
}
