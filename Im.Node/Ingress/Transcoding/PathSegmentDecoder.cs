using System.Text;

namespace Im.Node.Ingress.Transcoding;

/// <summary>
/// Undoes percent-encoding of one segment of a request target (RFC 3986 §2.1) completely. Kestrel leaves <c>%2F</c> and
/// malformed escapes as they are, so that a user <c>a/b</c> and a user <c>a%2Fb</c> would look the same.
/// </summary>
internal static class PathSegmentDecoder
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <returns>Null for a malformed escape or one that is not UTF-8.</returns>
    public static string? Decode(string segment)
    {
        if (!segment.Contains('%', StringComparison.Ordinal)) return segment;
        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(segment.Length)];
        var length = 0;
        for (var i = 0; i < segment.Length; i++)
        {
            if (segment[i] != '%')
            {
                length += Encoding.UTF8.GetBytes(segment.AsSpan(i, 1), bytes.AsSpan(length));
            }
            else if (i + 2 < segment.Length && char.IsAsciiHexDigit(segment[i + 1]) && char.IsAsciiHexDigit(segment[i + 2]))
            {
                bytes[length++] = Convert.FromHexString(segment.AsSpan(i + 1, 2))[0];
                i += 2;
            }
            else
            {
                return null;
            }
        }

        try
        {
            return Strict.GetString(bytes, 0, length);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
