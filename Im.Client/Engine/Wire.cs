using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Im.Protocol.Json;

namespace Im.Client.Engine;

/// <summary>Writes what a client sends, and reads the members of what a server answers; members of another type read as absent.</summary>
internal static class Wire
{
    private static readonly JsonWriterOptions Form = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One JSON object.</summary>
    public static byte[] Object(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer, Form))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The envelope of protocol.md §1 around data that is JSON already.</summary>
    /// <param name="seq">Null asks for no reply.</param>
    public static byte[] Request(string? seq, string command, ReadOnlySpan<byte> data)
    {
        var buffer = new ArrayBufferWriter<byte>(data.Length + 64);
        using var writer = new Utf8JsonWriter(buffer, Form);
        writer.WriteStartObject();
        if (seq is not null) writer.WriteString("seq", seq);
        writer.WriteString("cmd", command);
        if (data.Length > 0)
        {
            writer.WritePropertyName("data");
            writer.WriteRawValue(data, skipInputValidation: true);
        }
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary><c>"cursors":{conv:[epoch,mseq]}</c></summary>
    public static void WriteCursors(Utf8JsonWriter writer, IEnumerable<KeyValuePair<string, Cursor>> cursors)
    {
        writer.WriteStartObject("cursors");
        foreach (var (conversation, cursor) in cursors)
        {
            writer.WriteStartArray(conversation);
            writer.WriteStringValue(cursor.Epoch);
            writer.WriteNumberValue(cursor.Mseq);
            writer.WriteEndArray();
        }
        writer.WriteEndObject();
    }

    public static JsonElement? Member(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public static string? Text(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    public static long? Number(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var number) ? number : null;

    public static bool Flag(this JsonElement element, string name) => element.Member(name) is { ValueKind: JsonValueKind.True };

    /// <summary>The entries of an array, none when there is no such array.</summary>
    public static IEnumerable<JsonElement> Entries(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.Array } value ? value.EnumerateArray() : [];

    public static IReadOnlyList<string> Names(this JsonElement element, string name) =>
        [.. element.Entries(name).Where(entry => entry.ValueKind == JsonValueKind.String).Select(entry => entry.GetString()!)];
}
