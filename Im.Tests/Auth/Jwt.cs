using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Im.Tests.Auth;

/// <summary>Makes tokens by hand, good ones and forged ones.</summary>
internal static class Jwt
{
    public static readonly byte[] Key = SHA256.HashData("the key of the tests"u8);

    public static readonly DateTimeOffset Now = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);

    /// <summary>What the validators of the tests allow.</summary>
    public static readonly TimeSpan MaxLifetime = TimeSpan.FromDays(366);

    public static long Seconds => Now.ToUnixTimeSeconds();

    /// <summary>A good HS256 token.</summary>
    public static string Of(string user, long ends, string more = "", byte[]? key = null) => Hs256($$"""{"sub":"{{user}}","exp":{{ends}}{{more}}}""", key);

    public static string Hs256(string payload, byte[]? key = null, string header = """{"alg":"HS256","typ":"JWT"}""") =>
        Signed(header, payload, input => HMACSHA256.HashData(key ?? Key, input));

    public static string Rs256(string payload, RSA key, string? keyId, string alg = "RS256") => Signed(
        Header(alg, keyId), payload, input => key.SignData(input, HashAlgorithmName.SHA256, alg == "PS256" ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1));

    public static string Es256(string payload, ECDsa key, string? keyId) => Signed(Header("ES256", keyId), payload, input => key.SignData(input, HashAlgorithmName.SHA256));

    public static string Signed(string header, string payload, Func<byte[], byte[]> sign)
    {
        var signed = $"{Encode(header)}.{Encode(payload)}";
        return $"{signed}.{Base64Url.EncodeToString(sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    /// <summary>The public half, as an issuer publishes it.</summary>
    public static string Jwk(RSA key, string keyId, string more = "")
    {
        var parameters = key.ExportParameters(includePrivateParameters: false);
        return $$"""{"kty":"RSA","kid":"{{keyId}}","n":"{{Base64Url.EncodeToString(parameters.Modulus)}}","e":"{{Base64Url.EncodeToString(parameters.Exponent)}}"{{more}}}""";
    }

    public static string Jwk(ECDsa key, string keyId)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return $$"""{"kty":"EC","crv":"P-256","kid":"{{keyId}}","x":"{{Base64Url.EncodeToString(point.X)}}","y":"{{Base64Url.EncodeToString(point.Y)}}"}""";
    }

    public static string Set(params string[] jwks) => $$"""{"keys":[{{string.Join(',', jwks)}}]}""";

    private static string Header(string alg, string? keyId) => keyId is null ? $$"""{"alg":"{{alg}}"}""" : $$"""{"alg":"{{alg}}","kid":"{{keyId}}"}""";

    private static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}
