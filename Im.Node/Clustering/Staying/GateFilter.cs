using Akka.Actor;
using Im.Actors.Nodes.Gate;
using Im.Node.Ingress.ApiKeys;
using Im.Node.Ingress.Errors;
using Im.Node.Security;

namespace Im.Node.Clustering.Staying;

/// <summary>
/// While the node's gate is closed the server APIs answer UNAVAILABLE (HTTP 503), the seed's in its own form. Pages, health, metrics and
/// what operators ask or order go on.
/// </summary>
internal sealed class GateFilter(RequestDelegate next, ActorSystem system)
{
    private static readonly string[] Guarded = ["/api", "/user", "/system"];

    private readonly NodeGate _gate = NodeGate.Of(system);

    public Task InvokeAsync(HttpContext context)
    {
        if (_gate.IsOpen || !IsGuarded(context.Request) || IsForOperators(context)) return next(context);
        if (context.GetEndpoint()?.Metadata.GetMetadata<ErrorAnswerMetadata>() is { } own) return own.WriteAsync(context);
        context.Response.Headers.RetryAfter = IngressErrors.RetryDelay.TotalSeconds.ToString("0", System.Globalization.CultureInfo.InvariantCulture);
        return StatusResponse.WriteAsync(context, IngressErrors.StoodStill());
    }

    private static bool IsForOperators(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<RequiredScope>()?.Scope == ApiKeyScopes.Admin;

    private static bool IsGuarded(HttpRequest request) =>
        StatusResponse.IsGrpc(request) || Array.Exists(Guarded, path => request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase));
}
