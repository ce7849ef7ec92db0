using System.Globalization;
using Google.Protobuf.Reflection;
using Google.Rpc;
using HttpRequest = Microsoft.AspNetCore.Http.HttpRequest;

namespace Im.Node.Ingress.Transcoding;

/// <summary>Checks numbers in the path and the query, so that the error names the field; the transcoder's own does not.</summary>
internal sealed class NumberParameters(MethodDescriptor method, bool hasBody)
{
    private readonly FieldDescriptor[] _numbers =
        [.. method.InputType.Fields.InDeclarationOrder().Where(field => field.FieldType is FieldType.UInt32 or FieldType.Int32 or FieldType.Int64 && !field.IsRepeated)];

    public IReadOnlyList<BadRequest.Types.FieldViolation> Check(HttpRequest request)
    {
        var violations = new List<BadRequest.Types.FieldViolation>();
        foreach (var field in _numbers)
        {
            if (request.RouteValues.TryGetValue(field.Name, out var value)) Check(field, value as string, violations);
            else if (!hasBody && Query(request, field) is { } text) Check(field, text, violations);
        }

        return violations;
    }

    private static string? Query(HttpRequest request, FieldDescriptor field)
    {
        if (request.Query.TryGetValue(field.JsonName, out var byJsonName)) return byJsonName.ToString();
        return request.Query.TryGetValue(field.Name, out var byName) ? byName.ToString() : null;
    }

    private static void Check(FieldDescriptor field, string? text, List<BadRequest.Types.FieldViolation> violations)
    {
        var isNumber = field.FieldType switch
        {
            FieldType.UInt32 => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _),
            FieldType.Int64 => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
            _ => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
        };
        if (isNumber) return;
        violations.Add(new BadRequest.Types.FieldViolation { Field = field.JsonName, Description = $"'{text}' is not a number; give one whole number." });
    }
}
