using Im.Node.Ingress.ApiKeys;
using Im.Protocol;

namespace Im.Node.Compat;

/// <summary>What became of a caller's wish to enter.</summary>
internal enum Access
{
    Allowed,

    /// <summary>An API key is needed and there is none, or no such one.</summary>
    KeyNeeded,

    /// <summary>The key may do other things, not this.</summary>
    ScopeNeeded,
}

/// <summary>
/// Who may call the seed's API: anybody in guest mode on loopback, where the seed's own callers and pages are at home; else the
/// holder of an API key with the scope that the same thing needs below <c>/api/v1</c>.
/// </summary>
internal sealed class HttpAccess(CompatSettings settings, IApiKeys keys)
{
    private const string Bearer = "Bearer ";

    public Access Check(HttpRequest request, string scope)
    {
        if (settings.Open) return Access.Allowed;
        if (keys.Find(Presented(request.Headers)) is not { } key) return Access.KeyNeeded;
        return key.Allows(scope) ? Access.Allowed : Access.ScopeNeeded;
    }

    /// <summary>A filter for an HTTP route: 401 or 403 in the seed's form, before anything of the body is read.</summary>
    public Func<EndpointFilterInvocationContext, EndpointFilterDelegate, ValueTask<object?>> Require(string scope) => async (invocation, next) =>
    {
        var context = invocation.HttpContext;
        var access = Check(context.Request, scope);
        if (access == Access.Allowed) return await next(invocation);

        context.Response.StatusCode = access == Access.KeyNeeded ? StatusCodes.Status401Unauthorized : StatusCodes.Status403Forbidden;
        if (access == Access.KeyNeeded) context.Response.Headers.WWWAuthenticate = "Bearer";
        await SeedAnswer.RefusedAsync(context, access == Access.KeyNeeded ? ReplyCode.Unauthorized : ReplyCode.Forbidden);
        return Results.Empty;
    };

    /// <summary><c>x-api-key</c>, or a bearer token.</summary>
    private static string? Presented(IHeaderDictionary headers)
    {
        if (headers.TryGetValue("x-api-key", out var key)) return key.Count == 1 ? key[0] : null;
        if (headers.Authorization is not [{ } authorization] || !authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)) return null;
        return authorization[Bearer.Length..].Trim();
    }
}
