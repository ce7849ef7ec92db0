using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Google.Protobuf.WellKnownTypes;

namespace Im.Node.Ingress.Validation;

/// <summary>Writes a Struct as compact JSON text, as it will stand in the frames; keys keep their order.</summary>
internal static class ExtJson
{
    // The text goes into WebSocket frames, not into HTML: letters of any script stay as they are.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <returns>Null when there is no ext, or when a violation was added.</returns>
    public static string? Write(Struct? ext, Violations violations)
    {
        if (ext is null) return null;
        if (!IsWithin(ext, IngressLimits.MaxExtDepth))
        {
            violations.Add("ext", $"more than {IngressLimits.MaxExtDepth} levels deep; flatten it.");
            return null;
        }

        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Options))
        {
            if (!TryWrite(writer, ext))
            {
                violations.Add("ext", "holds a value that JSON cannot: a number must be finite, and each value must be set.");
                return null;
            }
        }

        if (stream.Length <= IngressLimits.MaxExtBytes) return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
        violations.Add("ext", $"{stream.Length} bytes as compact JSON; give at most {IngressLimits.MaxExtBytes}, and a link for anything larger.");
        return null;
    }

    /// <summary>The stored text as a Struct again.</summary>
    /// <returns>Null when there is none, or it is no object.</returns>
    public static Struct? Read(string? json)
    {
        if (json is null) return null;
        using var document = JsonDocument.Parse(json);
        return document.RootElement.ValueKind == JsonValueKind.Object ? ToStruct(document.RootElement) : null;
    }

    private static Struct ToStruct(JsonElement json)
    {
        var value = new Struct();
        foreach (var member in json.EnumerateObject()) value.Fields[member.Name] = ToValue(member.Value);
        return value;
    }

    private static Value ToValue(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => Value.ForStruct(ToStruct(json)),
        JsonValueKind.Array => Value.ForList([.. json.EnumerateArray().Select(ToValue)]),
        JsonValueKind.String => Value.ForString(json.GetString()!),
        JsonValueKind.Number => Value.ForNumber(json.GetDouble()),
        JsonValueKind.True => Value.ForBool(true),
        JsonValueKind.False => Value.ForBool(false),
        _ => Value.ForNull(),
    };

    private static bool IsWithin(Struct value, int levels) => levels > 0 && value.Fields.Values.All(member => IsWithin(member, levels - 1));

    private static bool IsWithin(Value value, int levels) => value.KindCase switch
    {
        Value.KindOneofCase.StructValue => IsWithin(value.StructValue, levels),
        Value.KindOneofCase.ListValue => levels > 0 && value.ListValue.Values.All(member => IsWithin(member, levels - 1)),
        _ => true,
    };

    private static bool TryWrite(Utf8JsonWriter writer, Struct value)
    {
        writer.WriteStartObject();
        foreach (var (name, member) in value.Fields)
        {
            writer.WritePropertyName(name);
            if (!TryWrite(writer, member)) return false;
        }

        writer.WriteEndObject();
        return true;
    }

    private static bool TryWrite(Utf8JsonWriter writer, Value value)
    {
        switch (value.KindCase)
        {
            case Value.KindOneofCase.NullValue: writer.WriteNullValue(); return true;
            case Value.KindOneofCase.BoolValue: writer.WriteBooleanValue(value.BoolValue); return true;
            case Value.KindOneofCase.StringValue: writer.WriteStringValue(value.StringValue); return true;
            case Value.KindOneofCase.StructValue: return TryWrite(writer, value.StructValue);
            case Value.KindOneofCase.NumberValue when double.IsFinite(value.NumberValue): writer.WriteNumberValue(value.NumberValue); return true;
            case Value.KindOneofCase.ListValue:
                writer.WriteStartArray();
                if (!value.ListValue.Values.All(member => TryWrite(writer, member))) return false;
                writer.WriteEndArray();
                return true;
            default: return false;
        }
    }
}
