using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace Im.Node.Auth;

/// <summary>The usable keys of one JWK set (RFC 7517): RSA from 2048 bits, and EC on P-256, for signatures. All others are left out, symmetric ones above all.</summary>
internal sealed class JwksKeySet
{
    /// <summary>Keys beyond are left out.</summary>
    private const int MaxCount = 100;

    private static readonly string[] Rsa = [SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSsaPssSha256];
    private static readonly string[] Ec = [SecurityAlgorithms.EcdsaSha256];

    private readonly FrozenDictionary<string, TokenValidationParameters> _byId;
    private readonly TokenValidationParameters _all;

    private JwksKeySet(IReadOnlyList<(SecurityKey Key, string[] Algorithms)> keys, TokenAudience audience)
    {
        Count = keys.Count;
        _byId = keys.Where(key => !string.IsNullOrEmpty(key.Key.KeyId)).GroupBy(key => key.Key.KeyId).ToFrozenDictionary(
            same => same.Key, same => audience.Rules(same.Select(key => key.Key), same.SelectMany(key => key.Algorithms).Distinct()), StringComparer.Ordinal);
        _all = audience.Rules(keys.Select(key => key.Key), keys.SelectMany(key => key.Algorithms).Distinct());
    }

    public static IReadOnlyList<string> Algorithms { get; } = [.. Rsa, .. Ec];

    public int Count { get; }

    /// <returns>Null when there is no usable key in it.</returns>
    /// <exception cref="JsonException">It is no JWK set.</exception>
    public static JwksKeySet? Parse(string json, TokenAudience audience)
    {
        using var document = JsonDocument.Parse(json);
        if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("keys", out var keys) || keys.ValueKind != JsonValueKind.Array)
            throw new JsonException("There is no array \"keys\".");
        var usable = keys.EnumerateArray().Where(key => key.ValueKind == JsonValueKind.Object).Take(MaxCount).Select(Read).OfType<(SecurityKey, string[])>().ToList();
        return usable.Count > 0 ? new JwksKeySet(usable, audience) : null;
    }

    /// <summary>The rules for the key of this name, or for all keys when a token names none; null when there is none.</summary>
    public TokenValidationParameters? Find(string? keyId) => keyId is null ? _all : _byId.GetValueOrDefault(keyId);

    private static (SecurityKey, string[])? Read(JsonElement jwk)
    {
        if (Text(jwk, "use") is not (null or "sig")) return null;
        try
        {
            (SecurityKey Key, string[] Algorithms)? read = Text(jwk, "kty") switch
            {
                "RSA" => ReadRsa(jwk),
                "EC" when Text(jwk, "crv") == "P-256" => ReadEc(jwk),
                _ => null,
            };
            if (read is not { } usable) return null;
            usable.Key.KeyId = Text(jwk, "kid") ?? "";
            var algorithms = Text(jwk, "alg") is { } one ? usable.Algorithms.Intersect([one]).ToArray() : usable.Algorithms;
            return algorithms.Length > 0 ? (usable.Key, algorithms) : null;
        }
        catch (Exception unreadable) when (unreadable is FormatException or CryptographicException or ArgumentException)
        {
            return null;
        }
    }

    private static (SecurityKey, string[])? ReadRsa(JsonElement jwk)
    {
        var key = new RsaSecurityKey(new RSAParameters { Modulus = Bytes(jwk, "n"), Exponent = Bytes(jwk, "e") });
        return key.KeySize >= 2048 ? (key, Rsa) : null;
    }

    private static (SecurityKey, string[])? ReadEc(JsonElement jwk)
    {
        var point = new ECPoint { X = Bytes(jwk, "x"), Y = Bytes(jwk, "y") };
        return (new ECDsaSecurityKey(ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = point })), Ec);
    }

    private static byte[] Bytes(JsonElement jwk, string name) => Base64UrlEncoder.DecodeBytes(Text(jwk, name) ?? "");

    private static string? Text(JsonElement jwk, string name) =>
        jwk.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
