using System.Text.Json.Nodes;
using Google.Protobuf.Reflection;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Im.Node.Ingress.OpenApi;

/// <summary>
/// Writes the transcoded routes into the OpenAPI document. They are no API-explorer endpoints and do not appear there
/// by themselves; everything here comes from the service descriptors and the comments of the protos.
/// </summary>
internal sealed class IngressDocumentTransformer : IOpenApiDocumentTransformer
{
    private const string ApiKeyScheme = "apiKey";

    private const string BearerScheme = "bearer";

    private static readonly ProtoComments Comments = ProtoComments.Load();

    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "ImAkka server API",
            Version = "v1",
            Description = "For back ends: push to users, rooms and apps, ask who is online, end connections. The same calls exist as gRPC services of the package im.ingress.v1.",
        };
        document.Tags = new HashSet<OpenApiTag>();
        var schemas = new MessageSchemas(document, Comments);
        AddSecurity(document);
        var errors = ErrorResponse.AddTo(document);
        foreach (var (service, _) in IngressServices.All) document.Tags.Add(new OpenApiTag { Name = service.Name, Description = Comments.Of(service) });
        foreach (var route in HttpRoute.All()) Add(document, route, schemas, errors);
        return Task.CompletedTask;
    }

    private static void Add(OpenApiDocument document, HttpRoute route, MessageSchemas schemas, IReadOnlyDictionary<string, IOpenApiResponse> errors)
    {
        var service = route.Method.Service;
        var comment = Comments.Of(route.Method) ?? route.Method.Name;
        var operation = new OpenApiOperation
        {
            OperationId = $"{service.Name}_{route.Method.Name}",
            Summary = comment.Split(". ")[0].TrimEnd('.'),
            Description = $"{comment}\n\nNeeds the scope `{IngressServices.ScopeOf(service)}`. gRPC: `{service.FullName}/{route.Method.Name}`.",
            Tags = new HashSet<OpenApiTagReference> { new(service.Name, document) },
            Parameters = [.. Parameters(route, schemas)],
            Responses = new OpenApiResponses
            {
                ["200"] = new OpenApiResponse { Description = "Done.", Content = Json(schemas.Reference(route.Method.OutputType)) },
            },
        };
        foreach (var (status, response) in errors) operation.Responses.Add(status, response);
        if (route.HasBody) operation.RequestBody = new OpenApiRequestBody { Content = Json(schemas.Body(route), Examples.Body(route.Method)) };
        if (!document.Paths.TryGetValue(route.Path, out var item)) document.Paths.Add(route.Path, item = new OpenApiPathItem());
        ((OpenApiPathItem)item).AddOperation(route.Verb, operation);
    }

    private static IEnumerable<IOpenApiParameter> Parameters(HttpRoute route, MessageSchemas schemas)
    {
        foreach (var field in route.PathFields) yield return Parameter(field, field.Name, ParameterLocation.Path, schemas);
        if (route.HasBody) yield break;
        foreach (var field in route.OtherFields) yield return Parameter(field, field.JsonName, ParameterLocation.Query, schemas);
    }

    private static OpenApiParameter Parameter(FieldDescriptor field, string name, ParameterLocation location, MessageSchemas schemas) => new()
    {
        Name = name,
        In = location,
        Required = location == ParameterLocation.Path,
        Description = Comments.Of(field),
        Schema = schemas.Of(field),
        Example = location == ParameterLocation.Path ? Examples.PathField(field) : null,
    };

    private static void AddSecurity(OpenApiDocument document)
    {
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [ApiKeyScheme] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = ApiKeys.ApiKeyGate.Header, Description = "The API key; the first one is in data/secrets.json." },
            [BearerScheme] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "The same API key as a bearer token." },
        };
        document.Security =
        [
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(ApiKeyScheme, document)] = [] },
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(BearerScheme, document)] = [] },
        ];
    }

    private static Dictionary<string, OpenApiMediaType> Json(IOpenApiSchema schema, JsonNode? example = null) =>
        new() { ["application/json"] = new OpenApiMediaType { Schema = schema, Example = example } };
}
