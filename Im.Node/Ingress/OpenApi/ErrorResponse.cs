using Microsoft.OpenApi;

namespace Im.Node.Ingress.OpenApi;

/// <summary>The errors that any call can answer, all of the form google.rpc.Status.</summary>
internal static class ErrorResponse
{
    private const string SchemaName = "Status";

    private static readonly (string Status, string Description)[] Errors =
    [
        ("400", "INVALID_ARGUMENT: a field is wrong, the details name each one; FAILED_PRECONDITION: it cannot be done as things are; OUT_OF_RANGE: no longer kept."),
        ("401", "UNAUTHENTICATED: no valid API key."),
        ("403", "PERMISSION_DENIED: the API key lacks the scope."),
        ("404", "NOT_FOUND: the app is not configured, there is no such group or push, or no such route."),
        ("409", "ALREADY_EXISTS: the idempotency key was used for something else, or the group is there already; ABORTED: the outcome is unknown, retry with the same idempotencyKey."),
        ("503", "UNAVAILABLE: nothing was stored or sent; the details and Retry-After say when to try again."),
        ("504", "DEADLINE_EXCEEDED: no complete answer within the deadline, 30 s over HTTP."),
    ];

    /// <returns>By HTTP status, for each operation.</returns>
    public static IReadOnlyDictionary<string, IOpenApiResponse> AddTo(OpenApiDocument document)
    {
        document.Components ??= new OpenApiComponents();
        document.Components.Schemas ??= new Dictionary<string, IOpenApiSchema>();
        document.Components.Schemas[SchemaName] = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description = "google.rpc.Status.",
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["code"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32", Description = "The code of google.rpc.Code, such as 3 for INVALID_ARGUMENT." },
                ["message"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "What is wrong and what to do about it, in English." },
                ["details"] = new OpenApiSchema
                {
                    Type = JsonSchemaType.Array,
                    Description = "google.rpc.BadRequest with fieldViolations, google.rpc.PreconditionFailure, google.rpc.RetryInfo or google.rpc.ErrorInfo, each marked by @type.",
                    Items = new OpenApiSchema { Type = JsonSchemaType.Object, AdditionalPropertiesAllowed = true },
                },
            },
        };
        return Errors.ToDictionary(error => error.Status, error => (IOpenApiResponse)new OpenApiResponse
        {
            Description = error.Description,
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/json"] = new OpenApiMediaType { Schema = new OpenApiSchemaReference(SchemaName, document) },
            },
        });
    }
}
