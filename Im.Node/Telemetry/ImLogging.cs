using Im.Node.Clustering.Door;
using Serilog;
using Serilog.Events;
using Serilog.Extensions.Logging;

namespace Im.Node.Telemetry;

internal static class ImLogging
{
    /// <summary>The host's own report of a failed start; <see cref="Lifetime.StartupErrors"/> reports it, once and readable.</summary>
    private const int HostedServiceStartupFaulted = 11;

    /// <summary>
    /// Serilog to standard output below the filters of the section <c>Logging</c> (<c>Logging__LogLevel__Im=Debug</c>).
    /// </summary>
    public static void AddImLogging(this WebApplicationBuilder builder, TextWriter output)
    {
        var logger = new LoggerConfiguration()
            .MinimumLevel.Verbose()
            .Filter.ByExcluding(IsStartupFault)
            .Filter.ByExcluding(StrangerLines.Is)
            .WriteTo.Sink(new LineSink(new LogLineFormatter(), output))
            .CreateLogger();
        builder.Logging.ClearProviders();

        // Whoever asks for health is told; an error line for each question while the node starts or drains says nothing new.
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);

        // Not AddSerilog: that would switch the filters of the section Logging off.
        builder.Logging.AddProvider(new SerilogLoggerProvider(logger, dispose: true));
    }

    private static bool IsStartupFault(LogEvent logEvent) =>
        logEvent.Properties.TryGetValue("EventId", out var value)
        && value is StructureValue structure
        && structure.Properties.Any(property => property is { Name: "Id", Value: ScalarValue { Value: HostedServiceStartupFaulted } })
        && logEvent.Properties.TryGetValue("SourceContext", out var source)
        && source is ScalarValue { Value: "Microsoft.Extensions.Hosting.Internal.Host" };
}
