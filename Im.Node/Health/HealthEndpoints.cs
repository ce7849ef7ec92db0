using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Im.Node.Health;

internal static class HealthEndpoints
{
    public const string AlivePath = "/healthz";
    public const string ReadyPath = "/readyz";

    private const string Alive = "alive";
    private const string Ready = "ready";

    public static IServiceCollection AddImHealth(this IServiceCollection services)
    {
        services.AddSingleton<NodeReadiness>();
        services.AddHealthChecks()
            .AddCheck<ActorSystemHealthCheck>("actors", tags: [Alive])
            .AddCheck<NodeReadinessHealthCheck>("readiness", tags: [Ready]);
        return services;
    }

    /// <summary>200 or 503 with one line of text that says why.</summary>
    public static void MapImHealth(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapHealthChecks(AlivePath, Options(Alive));
        endpoints.MapHealthChecks(ReadyPath, Options(Ready));
    }

    private static HealthCheckOptions Options(string tag) => new() { Predicate = check => check.Tags.Contains(tag), ResponseWriter = WriteAsync };

    private static Task WriteAsync(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(string.Join('\n', report.Entries.Values.Select(entry => entry.Description)) + "\n");
    }
}
