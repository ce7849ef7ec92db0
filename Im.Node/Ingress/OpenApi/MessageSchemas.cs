using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Microsoft.OpenApi;

namespace Im.Node.Ingress.OpenApi;

/// <summary>Describes messages in their JSON form (proto3 JSON mapping) as components of the document.</summary>
internal sealed class MessageSchemas(OpenApiDocument document, ProtoComments comments)
{
    /// <summary>A reference to the message's component, which is made at the first call.</summary>
    public IOpenApiSchema Reference(MessageDescriptor message)
    {
        AddOnce(NameOf(message), message, message.Fields.InDeclarationOrder());
        return new OpenApiSchemaReference(NameOf(message), document);
    }

    /// <summary>The body of a request: its message without the fields that stand in the path.</summary>
    public IOpenApiSchema Body(HttpRoute route)
    {
        AddOnce(NameOf(route.Method.InputType), route.Method.InputType, route.OtherFields);
        return new OpenApiSchemaReference(NameOf(route.Method.InputType), document);
    }

    public IOpenApiSchema Of(FieldDescriptor field)
    {
        var description = comments.Of(field);
        if (field.IsMap) return new OpenApiSchema { Type = JsonSchemaType.Object, AdditionalProperties = OfOne(field.MessageType.FindFieldByNumber(2), null), Description = description };
        if (!field.IsRepeated) return OfOne(field, description);
        return new OpenApiSchema { Type = JsonSchemaType.Array, Items = OfOne(field, null), Description = description };
    }

    private void AddOnce(string name, MessageDescriptor message, IEnumerable<FieldDescriptor> fields)
    {
        document.Components ??= new OpenApiComponents();
        document.Components.Schemas ??= new Dictionary<string, IOpenApiSchema>();
        if (document.Components.Schemas.ContainsKey(name)) return;
        var schema = new OpenApiSchema { Type = JsonSchemaType.Object, Description = comments.Of(message), Properties = new Dictionary<string, IOpenApiSchema>() };
        document.Components.Schemas.Add(name, schema);
        foreach (var field in fields) schema.Properties.Add(field.JsonName, Of(field));
    }

    private IOpenApiSchema OfOne(FieldDescriptor field, string? description) => field.FieldType switch
    {
        FieldType.String => new OpenApiSchema { Type = JsonSchemaType.String, Description = description },
        FieldType.Bool => new OpenApiSchema { Type = JsonSchemaType.Boolean, Description = description },
        FieldType.Int32 => new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32", Description = description },
        FieldType.UInt32 => new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int64", Minimum = "0", Maximum = "4294967295", Description = description },
        FieldType.Int64 => new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int64", Description = description },
        FieldType.Enum => OfEnum(field.EnumType, description),
        FieldType.Message => OfMessage(field.MessageType, description),
        _ => throw new NotSupportedException($"{field.FullName} is of {field.FieldType}, which no message of the API uses."),
    };

    private OpenApiSchema OfEnum(EnumDescriptor type, string? description) => new()
    {
        Type = JsonSchemaType.String,
        Enum = [.. type.Values.Select(value => (System.Text.Json.Nodes.JsonNode)value.Name)],
        Description = $"{description}\n\n{string.Join('\n', type.Values.Select(value => $"* `{value.Name}`: {comments.Of(value)}"))}".Trim(),
    };

    private IOpenApiSchema OfMessage(MessageDescriptor message, string? description)
    {
        if (message.FullName == Timestamp.Descriptor.FullName) return new OpenApiSchema { Type = JsonSchemaType.String, Format = "date-time", Description = description };
        if (message.FullName == Struct.Descriptor.FullName) return new OpenApiSchema { Type = JsonSchemaType.Object, AdditionalPropertiesAllowed = true, Description = description };
        return Reference(message);
    }

    private static string NameOf(MessageDescriptor message) => message.Name;
}
