using System.Text.Json;
using Google.Protobuf.Reflection;
using Google.Rpc;

namespace Im.Node.Ingress.Transcoding;

/// <summary>
/// Checks that a JSON body can become the request message, member by member, so that the error names the field; the
/// transcoder's own says only that the payload is wrong. Unknown members are ignored.
/// </summary>
internal sealed class JsonBody(MessageDescriptor message)
{
    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false, MaxDepth = 32 };

    public IReadOnlyList<BadRequest.Types.FieldViolation> Check(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Options);
            if (document.RootElement.ValueKind != JsonValueKind.Object) return [Violation("body", $"a JSON {Name(document.RootElement)}; give an object.")];
            return [.. document.RootElement.EnumerateObject().SelectMany(CheckMember).Take(10)];
        }
        catch (JsonException error)
        {
            var where = error.LineNumber is { } line ? $" at line {line + 1}, byte {error.BytePositionInLine + 1}" : "";
            return [Violation("body", $"malformed JSON{where}: it must be UTF-8, at most {Options.MaxDepth} levels deep, and name each member once.")];
        }
    }

    private IEnumerable<BadRequest.Types.FieldViolation> CheckMember(JsonProperty member)
    {
        var field = message.Fields.InDeclarationOrder().FirstOrDefault(field => member.NameEquals(field.JsonName) || member.NameEquals(field.Name));
        if (field is null || member.Value.ValueKind == JsonValueKind.Null) yield break;
        if (field.IsMap)
        {
            foreach (var violation in CheckMap(field, member.Value)) yield return violation;
        }
        else if (!field.IsRepeated)
        {
            if (!Fits(field, member.Value)) yield return Mismatch(field, field.JsonName, member.Value);
        }
        else if (member.Value.ValueKind != JsonValueKind.Array)
        {
            yield return Violation(field.JsonName, $"a JSON {Name(member.Value)}; give an array.");
        }
        else
        {
            foreach (var (index, item) in member.Value.EnumerateArray().Index())
            {
                if (!Fits(field, item)) yield return Mismatch(field, $"{field.JsonName}[{index}]", item);
            }
        }
    }

    private static IEnumerable<BadRequest.Types.FieldViolation> CheckMap(FieldDescriptor field, JsonElement map)
    {
        if (map.ValueKind != JsonValueKind.Object) return [Violation(field.JsonName, $"a JSON {Name(map)}; give an object.")];
        var value = field.MessageType.FindFieldByNumber(2);
        return map.EnumerateObject().Where(entry => !Fits(value, entry.Value)).Select(entry => Mismatch(value, $"{field.JsonName}[{Validation.Violations.Shown(entry.Name)}]", entry.Value));
    }

    // An enum value may be given by its number (proto3 JSON mapping); a number as a string is not, the transcoder takes none.
    private static bool Fits(FieldDescriptor field, JsonElement value) => field.FieldType switch
    {
        FieldType.String => value.ValueKind == JsonValueKind.String,
        FieldType.Bool => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        FieldType.UInt32 => value.ValueKind == JsonValueKind.Number && value.TryGetUInt32(out _),
        FieldType.Int32 => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out _),
        FieldType.Int64 => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        FieldType.Enum when value.ValueKind == JsonValueKind.String => field.EnumType.FindValueByName(value.GetString()!) is not null,
        FieldType.Enum => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out _),
        FieldType.Message => value.ValueKind == JsonValueKind.Object,
        _ => true,
    };

    private static BadRequest.Types.FieldViolation Mismatch(FieldDescriptor field, string path, JsonElement value)
    {
        var wanted = field.FieldType switch
        {
            FieldType.String => "a string",
            FieldType.Bool => "true or false",
            FieldType.UInt32 => "a whole number from 0 to 4294967295",
            FieldType.Int32 => "a whole number from -2147483648 to 2147483647",
            FieldType.Int64 => "a whole number",
            FieldType.Enum => "one of " + string.Join(", ", field.EnumType.Values.Select(known => known.Name)),
            _ => "an object",
        };
        var shown = value.ValueKind is JsonValueKind.Object or JsonValueKind.Array ? $"a JSON {Name(value)}" : Validation.Violations.Shown(value.GetRawText());
        return Violation(path, $"{shown} does not fit; give {wanted}.");
    }

    private static string Name(JsonElement value) => value.ValueKind.ToString().ToLowerInvariant();

    private static BadRequest.Types.FieldViolation Violation(string field, string description) => new() { Field = field, Description = description };
}
