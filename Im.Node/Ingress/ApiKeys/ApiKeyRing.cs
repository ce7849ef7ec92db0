using System.Security.Cryptography;
using System.Text;

namespace Im.Node.Ingress.ApiKeys;

/// <summary>Compares with every known key in constant time, so that an answer's time says nothing about the keys.</summary>
internal sealed class ApiKeyRing : IApiKeys
{
    /// <summary>Longer keys are refused before they are hashed.</summary>
    public const int MaxKeyLength = 512;

    private readonly (byte[] Hash, ApiKeyIdentity Identity)[] _keys;

    public ApiKeyRing(IEnumerable<ApiKeyEntry> entries) =>
        _keys = [.. entries.Select(entry => (entry.Hash.ToArray(), new ApiKeyIdentity(entry.Id, entry.Scopes)))];

    public ApiKeyIdentity? Find(string? presentedKey)
    {
        if (string.IsNullOrEmpty(presentedKey) || presentedKey.Length > MaxKeyLength) return null;
        Span<byte> presented = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(presentedKey), presented);
        ApiKeyIdentity? found = null;
        foreach (var (hash, identity) in _keys)
        {
            if (CryptographicOperations.FixedTimeEquals(hash, presented)) found = identity;
        }

        return found;
    }
}
