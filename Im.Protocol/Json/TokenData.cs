using System.Buffers.Text;
using System.Text.Json;

namespace Im.Protocol.Json;

/// <summary>The <c>data</c> of <c>token</c>: <c>{"serviceToken":"…"}</c>.</summary>
public static class TokenData
{
    /// <summary>Longer tokens are refused unread.</summary>
    public const int MaxLength = 8 * 1024;

    public static bool TryRead(ReadOnlySpan<byte> json, out string? token)
    {
        string? given = null;
        var valid = DataReader.TryRead(json, out _, (ref FieldReader reader) => !reader.Is("servicetoken"u8) || reader.TryString(ref given));
        token = given;
        return valid;
    }

    /// <summary>The <c>sub</c> that a token claims, unchecked: good for counting who is tried, and for nothing else. Null when there is none.</summary>
    public static string? ClaimedSubject(string? token)
    {
        if (token is null || token.Length > MaxLength || token.Split('.') is not [_, var payload, _] || !Base64Url.IsValid(payload)) return null;
        try
        {
            var reader = new FieldReader(Base64Url.DecodeFromChars(payload), allowsRepeats: true);
            string? subject = null;
            if (!reader.Begin()) return null;
            while (reader.Next())
            {
                if (reader.Is("sub"u8)) reader.TryString(ref subject);
                reader.Skip();
            }

            return subject;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
