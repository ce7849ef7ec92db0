using System.Text.Json;

namespace Im.Protocol.Json;

/// <summary>The <c>data</c> of <c>heartbeat</c>: an object or absent. Only the type of <c>userId</c> is looked at, as the seed does.</summary>
public static class HeartbeatData
{
    public static bool IsValid(ReadOnlySpan<byte> json)
    {
        if (json.IsEmpty) return true;
        try
        {
            string? user = null;
            var reader = new FieldReader(json);
            if (!reader.Begin()) return false;
            while (reader.Next())
            {
                if (reader.Is("userid"u8) && !reader.TryString(ref user)) return false;
                reader.Skip();
            }

            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
