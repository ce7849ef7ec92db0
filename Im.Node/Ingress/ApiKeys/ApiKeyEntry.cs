using System.Security.Cryptography;
using System.Text;

namespace Im.Node.Ingress.ApiKeys;

/// <summary>A known key: never the key itself, only its SHA-256.</summary>
/// <param name="Hash">32 bytes.</param>
internal sealed record ApiKeyEntry(string Id, ReadOnlyMemory<byte> Hash, IReadOnlyList<string> Scopes)
{
    /// <summary>An entry for a key at hand, such as that of <c>data/secrets.json</c>.</summary>
    public static ApiKeyEntry OfKey(string id, string key, IReadOnlyList<string> scopes) =>
        new(id, SHA256.HashData(Encoding.UTF8.GetBytes(key)), scopes);

    /// <summary>An entry as configured.</summary>
    /// <param name="hash">64 hexadecimal digits, upper or lower case.</param>
    /// <param name="scopes">Empty means every scope.</param>
    /// <exception cref="FormatException">The hash is not hexadecimal or not of 32 bytes, or a scope is unknown.</exception>
    public static ApiKeyEntry OfHash(string id, string hash, IReadOnlyList<string> scopes)
    {
        var bytes = Convert.FromHexString(hash);
        if (bytes.Length != SHA256.HashSizeInBytes) throw new FormatException($"The hash of API key '{id}' has {bytes.Length} bytes; SHA-256 has 32.");
        var unknown = scopes.FirstOrDefault(scope => !ApiKeyScopes.All.Contains(scope));
        if (unknown is not null) throw new FormatException($"API key '{id}' names scope '{unknown}'; known are {string.Join(", ", ApiKeyScopes.All)}.");
        return new ApiKeyEntry(id, bytes, scopes.Count == 0 ? ApiKeyScopes.All : scopes);
    }
}
