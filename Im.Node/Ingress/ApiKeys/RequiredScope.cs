namespace Im.Node.Ingress.ApiKeys;

/// <summary>Endpoint metadata: the scope that a caller's API key needs here.</summary>
internal sealed record RequiredScope(string Scope);

internal static class RequireApiKeyExtensions
{
    /// <summary>
    /// Puts <see cref="ApiKeyGate"/> in front of the endpoints, whether gRPC services, route handlers or a group of them.
    /// The gate is part of the endpoint itself: no middleware can be forgotten or come in another order.
    /// </summary>
    public static TBuilder RequireApiKey<TBuilder>(this TBuilder endpoints, string scope)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoints.Add(endpoint =>
        {
            endpoint.Metadata.Add(new RequiredScope(scope));
            var next = endpoint.RequestDelegate ?? throw new InvalidOperationException($"{endpoint.DisplayName} has no handler to guard.");
            endpoint.RequestDelegate = context => context.RequestServices.GetRequiredService<ApiKeyGate>().PassAsync(context, scope, next);
        });
        return endpoints;
    }
}
