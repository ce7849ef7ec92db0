using System.Diagnostics.Metrics;
using Im.Actors.Telemetry;
using Im.Node.Composition;
using Im.Node.Configuration;
using Im.Node.Health;
using Im.Node.Ingress.ApiKeys;
using Im.Node.Lifetime;
using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Im.Node.Telemetry;

internal static class MetricsEndpoint
{
    public const string Path = "/metrics";

    /// <summary>
    /// Series of one instrument, far more than it has tags for; what were above it would count as <c>otel_metric_overflow</c>. Their places are
    /// taken at the start: with the default of 2,000 that was 9 MB, more than half of an idle node's heap.
    /// </summary>
    private const int MaxSeriesCount = 250;

    public static IServiceCollection AddImMetrics(this IServiceCollection services)
    {
        ImMetrics.Start();
        services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .ConfigureResource(resource => resource.AddService("im-node", serviceVersion: NodeVersion.Text))
            .AddMeter(ImMetrics.MeterName)
            .AddRuntimeInstrumentation()
            .AddView(Bounded)
            .AddPrometheusExporter());
        return services;
    }

    /// <summary>Commands times reply codes are many: that instrument keeps the default.</summary>
    private static MetricStreamConfiguration? Bounded(Instrument instrument) =>
        instrument.Name == ImMetrics.CommandsName ? null : new MetricStreamConfiguration { CardinalityLimit = MaxSeriesCount };

    /// <summary>With a port of its own, metrics and health are served there and nothing else is.</summary>
    public static void UseImMetricsPort(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<ImOptions>>().Value.Metrics.Port is null) return;
        app.Use((context, next) =>
        {
            var path = context.Request.Path;
            var served = path == Path ? WebServer.IsMetricsPort(context)
                : path == HealthEndpoints.AlivePath || path == HealthEndpoints.ReadyPath || !WebServer.IsMetricsPort(context);
            if (served) return next(context);
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
    }

    /// <summary>Prometheus text. Open to this machine in guest mode; an API key is asked for everywhere else.</summary>
    public static void MapImMetrics(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<IOptions<ImOptions>>().Value;
        var metrics = app.MapPrometheusScrapingEndpoint(Path);
        if (!options.IsOpenGuest()) metrics.RequireApiKey(ApiKeyScopes.Admin);
    }
}
