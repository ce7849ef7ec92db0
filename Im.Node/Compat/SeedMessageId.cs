using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Im.Node.Compat;

/// <summary>The seed's msgId as an idempotency key.</summary>
internal static class SeedMessageId
{
    public const int MaxBytes = 256;

    private const int MaxKeyCharacters = 64;

    private static readonly SearchValues<char> KeyCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.:-");

    /// <returns>Null for an empty one, which is no key. One that is too long for a key or has other characters becomes its hash.</returns>
    public static string? ToKey(string messageId)
    {
        if (messageId.Length == 0) return null;
        var fits = messageId.Length <= MaxKeyCharacters && !messageId.AsSpan().ContainsAnyExcept(KeyCharacters);
        return fits ? messageId : "sha256:" + Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(messageId)));
    }
}
