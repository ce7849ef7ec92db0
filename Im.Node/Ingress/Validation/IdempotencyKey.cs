using Im.Node.Ingress.ApiKeys;

namespace Im.Node.Ingress.Validation;

/// <summary>Keys of one business system must not meet another's: the API key that calls stands beside them as their sender.</summary>
internal static class IdempotencyKey
{
    /// <returns>Null when none was given.</returns>
    public static string? Read(string text, Violations violations)
    {
        if (text.Length == 0) return null;
        if (!NameRequest.IsToken(text, IngressLimits.MaxIdempotencyKeyLength))
            violations.Add("idempotencyKey", $"{Violations.Shown(text)}: give 1 to {IngressLimits.MaxIdempotencyKeyLength} characters of A-Z a-z 0-9 _ . : -");
        return text;
    }

    /// <summary>The sender of what a caller stores.</summary>
    public static string SenderOf(ApiKeyIdentity? caller) => $"api:{caller?.Id}";
}
