using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Im.Node.Ingress.Validation;

/// <summary>
/// Page tokens: base64url of 8 bytes that bind the token to its query, and the last item of the page before. They hold
/// no secret; a caller that makes one up sees what it may see anyway.
/// </summary>
internal static class Paging
{
    private const int BindingLength = 8;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static int Size(int asked, Violations violations)
    {
        if (asked is < 0 or > IngressLimits.MaxPageSize)
            violations.Add("pageSize", $"{asked}: give 1 to {IngressLimits.MaxPageSize}, or leave it out for {IngressLimits.DefaultPageSize}.");
        return asked == 0 ? IngressLimits.DefaultPageSize : asked;
    }

    public static int HistoryLimit(int asked, Violations violations)
    {
        if (asked is < 0 or > IngressLimits.MaxHistoryCount)
            violations.Add("limit", $"{asked}: give 1 to {IngressLimits.MaxHistoryCount}, or leave it out for {IngressLimits.DefaultHistoryCount}.");
        return asked == 0 ? IngressLimits.DefaultHistoryCount : asked;
    }

    /// <param name="query">What the pages are of; another query's token is refused.</param>
    /// <returns>The item after which the page starts, or null for the first page.</returns>
    public static string? After(string token, string query, Violations violations)
    {
        if (token.Length == 0) return null;
        try
        {
            var bytes = Base64Url.DecodeFromChars(token);
            if (bytes.Length > BindingLength && bytes.AsSpan(0, BindingLength).SequenceEqual(Binding(query))) return Strict.GetString(bytes, BindingLength, bytes.Length - BindingLength);
        }
        catch (Exception error) when (error is FormatException or DecoderFallbackException)
        {
            // Told below, like a token of another query.
        }

        violations.Add("pageToken", $"{Violations.Shown(token)} is not a token of this query: give nextPageToken of the page before, with the same other fields.");
        return null;
    }

    public static string Token(string? next, string query) =>
        next is null ? "" : Base64Url.EncodeToString([.. Binding(query), .. Encoding.UTF8.GetBytes(next)]);

    private static ReadOnlySpan<byte> Binding(string query) => SHA256.HashData(Encoding.UTF8.GetBytes(query)).AsSpan(0, BindingLength);
}
