using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Im.Cli.Token;

/// <param name="App">Null: good for all apps.</param>
internal sealed record TokenClaims(string User, uint? App, string? Issuer, string? Audience);

/// <summary>Makes signed tokens (RFC 7519), HS256, each with an id of its own by which it can be revoked.</summary>
internal static class TokenWriter
{
    private static readonly string Header = Base64Url.EncodeToString("""{"alg":"HS256","typ":"JWT"}"""u8);

    public static string Sign(TokenClaims claims, byte[] key, DateTimeOffset now, TimeSpan ttl)
    {
        var signed = $"{Header}.{Base64Url.EncodeToString(Payload(claims, now, ttl))}";
        return $"{signed}.{Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(signed)))}";
    }

    private static byte[] Payload(TokenClaims claims, DateTimeOffset now, TimeSpan ttl)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("sub", claims.User);
            if (claims.App is { } app) json.WriteNumber("app", app);
            if (claims.Issuer is not null) json.WriteString("iss", claims.Issuer);
            if (claims.Audience is not null) json.WriteString("aud", claims.Audience);
            json.WriteNumber("iat", now.ToUnixTimeSeconds());
            json.WriteNumber("exp", (now + ttl).ToUnixTimeSeconds());
            json.WriteString("jti", Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)));
            json.WriteEndObject();
        }

        return stream.ToArray();
    }
}
