using System.Text;
using System.Text.Json;

namespace Im.Protocol.Json;

/// <summary>Member names match without case: the seed's clients write <c>userId</c>, <c>userID</c> and <c>USERID</c>.</summary>
internal static class JsonNames
{
    public static bool Is(ref Utf8JsonReader reader, ReadOnlySpan<byte> lowerCaseName)
    {
        if (!reader.HasValueSequence && !reader.ValueIsEscaped) return Ascii.EqualsIgnoreCase(reader.ValueSpan, lowerCaseName);
        return Ascii.EqualsIgnoreCase(lowerCaseName, reader.GetString());
    }
}
