using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Im.Node.Ingress.ApiKeys;

namespace Im.Node.Ingress.Validation;

internal static class IdempotencyKey
{
    /// <summary>
    /// The key as the broker gets it: one business system's keys must not meet another's, so the API key's id goes into
    /// a hash with it. 43 characters of <c>A-Z a-z 0-9 _ -</c>.
    /// </summary>
    /// <returns>Null when none was given.</returns>
    public static string? Read(string text, ApiKeyIdentity? caller, Violations violations)
    {
        if (text.Length == 0) return null;
        if (!NameRequest.IsToken(text, IngressLimits.MaxIdempotencyKeyLength))
            violations.Add("idempotencyKey", $"{Violations.Shown(text)}: give 1 to {IngressLimits.MaxIdempotencyKeyLength} characters of A-Z a-z 0-9 _ . : -");
        return Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes($"{caller?.Id}\n{text}")));
    }
}
