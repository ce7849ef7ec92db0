using System.Text.Json;

namespace Im.Protocol.Json;

/// <summary>The <c>data</c> of <c>msg</c> (protocol.md §4). Absent members are null or false.</summary>
/// <param name="Ext">A JSON object as compact text, or null.</param>
public sealed record MessageData(string? Conversation, string? Cid, string? Type, string? Text, string? Ext, bool Ephemeral)
{
    private static readonly string[] KnownTypes = ["text", "image", "audio", "video", "file", "location", "card", "custom"];

    public static bool IsKnownType(string? type) => type is not null && Array.IndexOf(KnownTypes, type) >= 0;

    public static bool TryRead(ReadOnlySpan<byte> json, out MessageData message, out string? field)
    {
        string? conversation = null, cid = null, type = null, text = null, ext = null;
        var ephemeral = false;
        field = null;
        message = new MessageData(null, null, null, null, null, false);
        if (json.IsEmpty) return true;
        try
        {
            var reader = new FieldReader(json);
            if (!reader.Begin()) return false;
            while (reader.Next())
            {
                var valid = true;
                if (reader.Is("conv"u8)) valid = reader.TryString(ref conversation);
                else if (reader.Is("cid"u8)) valid = reader.TryString(ref cid);
                else if (reader.Is("type"u8)) valid = reader.TryString(ref type);
                else if (reader.Is("msg"u8)) valid = reader.TryString(ref text);
                else if (reader.Is("ext"u8)) valid = reader.TryObject(ref ext);
                else if (reader.Is("ephemeral"u8)) valid = reader.TryBoolean(ref ephemeral);
                else reader.Skip();
                if (valid) continue;
                field = reader.Field;
                return false;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }

        message = new MessageData(conversation, cid, type, text, ext, ephemeral);
        return true;
    }
}
