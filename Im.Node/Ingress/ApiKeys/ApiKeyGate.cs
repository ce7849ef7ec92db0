using Im.Node.Ingress.Errors;

namespace Im.Node.Ingress.ApiKeys;

/// <summary>
/// Lets a request through when its API key has the scope; else answers UNAUTHENTICATED (HTTP 401) or PERMISSION_DENIED
/// (403) before anything of the body is read.
/// </summary>
internal sealed partial class ApiKeyGate(IApiKeys keys, ILogger<ApiKeyGate> logger)
{
    public const string Header = "x-api-key";

    private const string Bearer = "Bearer ";

    public Task PassAsync(HttpContext context, string scope, RequestDelegate next)
    {
        var key = keys.Find(Presented(context.Request));
        if (key is null)
        {
            Refused(logger, context.Request.Path, context.Connection.RemoteIpAddress, "no valid API key");
            context.Response.Headers.WWWAuthenticate = "Bearer";
            return StatusResponse.WriteAsync(context, IngressErrors.Unauthenticated());
        }

        if (!key.Allows(scope))
        {
            Refused(logger, context.Request.Path, context.Connection.RemoteIpAddress, "API key without the scope");
            return StatusResponse.WriteAsync(context, IngressErrors.MissingScope(key, scope));
        }

        context.Features.Set(key);
        return next(context);
    }

    private static string? Presented(HttpRequest request)
    {
        if (request.Headers.TryGetValue(Header, out var key)) return key;
        var authorization = request.Headers.Authorization.ToString();
        return authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? authorization[Bearer.Length..].Trim() : null;
    }

    [LoggerMessage(1, LogLevel.Information, "Refused {Path} of {RemoteAddress}: {Reason}")]
    private static partial void Refused(ILogger logger, PathString path, System.Net.IPAddress? remoteAddress, string reason);
}
