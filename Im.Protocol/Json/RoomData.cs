using System.Text.Json;

namespace Im.Protocol.Json;

/// <summary>The <c>data</c> of <c>join</c> and <c>leave</c>: <c>{"conv":"r:x"}</c>.</summary>
public static class RoomData
{
    public static bool TryRead(ReadOnlySpan<byte> json, out string? conversation)
    {
        conversation = null;
        if (json.IsEmpty) return true;
        try
        {
            var reader = new FieldReader(json);
            if (!reader.Begin()) return false;
            while (reader.Next())
            {
                if (!reader.Is("conv"u8)) reader.Skip();
                else if (!reader.TryString(ref conversation)) return false;
            }

            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
