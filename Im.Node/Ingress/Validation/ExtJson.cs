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
