using Im.Node.Auth;
using Im.Node.Clustering;
using Im.Node.Clustering.Staying;
using Im.Node.Compat;
using Im.Node.Composition;
using Im.Node.Configuration;
using Im.Node.Health;
using Im.Node.Ingress;
using Im.Node.Lifetime;
using Im.Node.Security;
using Im.Node.Sockets;
using Im.Node.Storage;
using Im.Node.Telemetry;

namespace Im.Node;

/// <summary>How a node is hosted, apart from its options: a process and a test differ in this only.</summary>
internal sealed record NodeHostSettings
{
    /// <summary>Where <c>wwwroot</c> and <c>appsettings.json</c> are, and what <c>Im:DataDirectory</c> is relative to; null looks for it.</summary>
    public string? ContentRoot { get; init; }

    /// <summary>Takes the log.</summary>
    public TextWriter Output { get; init; } = Console.Out;

    /// <summary>Changes services before the node is built.</summary>
    public Action<WebApplicationBuilder>? Configure { get; init; }
}

/// <summary>Puts a node together. What it does and in which order is the list below.</summary>
internal static class NodeHost
{
    /// <param name="args">Options as <c>--Im:Http:Port=0</c>.</param>
    /// <exception cref="StartupException">Options, data directory or secrets are not usable.</exception>
    public static WebApplication Build(string[] args, NodeHostSettings? settings = null)
    {
        settings ??= new NodeHostSettings();
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            Args = [.. args, "--hostBuilder:reloadConfigOnChange=false"],
            ApplicationName = typeof(NodeHost).Assembly.GetName().Name,
            ContentRootPath = settings.ContentRoot ?? ContentRoot.Find(),
        });
        var options = builder.AddImOptions();
        var secrets = builder.AddImSecrets(options);
        builder.AddImLogging(settings.Output);
        builder.AddImWebServer(options);

        var services = builder.Services;
        services.AddSingleton(TimeProvider.System);
        services.AddImHealth();
        services.AddImAuth(options, secrets);
        services.AddImStorage(options, Path.GetDirectoryName(secrets.Path)!);
        services.AddImActors(options);
        services.AddImAdministration();
        services.AddImActorSystem(options, (akka, provider) =>
        {
            akka.WithImActors(provider);
            akka.WithImAdministration(provider);
        });
        services.AddImSecurity(_ => options.Security());
        services.AddImSockets(_ => options.Sockets());
        services.AddHostedService<ListenerService>();
        services.AddImIngress();
        services.AddImCompat(_ => options.Compat());
        services.AddImMetrics();
        services.AddImLifetime(options);
        settings.Configure?.Invoke(builder);

        var app = builder.Build();
        app.UseImSecurity();
        app.UseImMetricsPort();
        app.UseMiddleware<GateFilter>();
        app.MapImHealth();
        app.MapImMetrics();
        app.MapImIngress();
        app.MapImCompat();
        return app;
    }
}
