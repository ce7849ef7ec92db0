using Im.Node.Ingress.ApiKeys;
using Im.Protocol;

namespace Im.Node.Compat;

/// <summary>
/// Who may call the seed's API: anybody in guest mode on loopback, where the seed's own callers and pages are at home; else the holder of an API key.
/// </summary>
internal sealed class HttpAccess(CompatSettings settings, IApiKeys keys)
{
    private const string Bearer = "Bearer ";

    public bool Allows(HttpRequest request) => settings.Open || keys.Find(Presented(request.Headers)) is not null;

    /// <summary>The filter of the HTTP routes: 401 in the seed's form.</summary>
    public async ValueTask<object?> FilterAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var context = invocation.HttpContext;
        if (Allows(context.Request)) return await next(invocation);

        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.Headers.WWWAuthenticate = "Bearer";
        await SeedAnswer.RefusedAsync(context, ReplyCode.Unauthorized);
        return Results.Empty;
    }

    /// <summary><c>x-api-key</c>, or a bearer token.</summary>
    private static string? Presented(IHeaderDictionary headers)
    {
        if (headers.TryGetValue("x-api-key", out var key)) return key.Count == 1 ? key[0] : null;
        return headers.Authorization is [{ } authorization] && authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? authorization[Bearer.Length..].Trim() : null;
    }
}
