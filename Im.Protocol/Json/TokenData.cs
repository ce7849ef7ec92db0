using System.Text.Json;

namespace Im.Protocol.Json;

/// <summary>The <c>data</c> of <c>token</c>: <c>{"serviceToken":"…"}</c>.</summary>
public static class TokenData
{
    public static bool TryRead(ReadOnlySpan<byte> json, out string? token)
    {
        token = null;
        if (json.IsEmpty) return true;
        try
        {
            var reader = new FieldReader(json);
            if (!reader.Begin()) return false;
            while (reader.Next())
            {
                if (!reader.Is("servicetoken"u8)) reader.Skip();
                else if (!reader.TryString(ref token)) return false;
            }

            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
