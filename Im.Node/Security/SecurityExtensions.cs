using Im.Node.Lifetime;
using Im.Node.Sockets;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Im.Node.Security;

/// <summary>What stands between the network and every endpoint of the node: rules.md §10 and control S12.</summary>
internal static class SecurityExtensions
{
    public static IServiceCollection AddImSecurity(this IServiceCollection services, Func<IServiceProvider, SecuritySettings> settings)
    {
        services.AddSingleton(settings);
        services.AddSingleton<BoundPorts>();
        services.AddSingleton<KnownHosts>();
        services.AddSingleton<OriginPolicy>();
        services.AddSingleton<IOriginPolicy>(static provider => provider.GetRequiredService<OriginPolicy>());
        services.AddSingleton<WebSocketAddress>();
        services.Configure<KestrelServerOptions>(static kestrel => kestrel.AddServerHeader = false);
        return services;
    }

    /// <summary>First in the pipeline: what comes before it is unguarded.</summary>
    public static WebApplication UseImSecurity(this WebApplication app)
    {
        app.UseMiddleware<SecurityHeaders>();
        app.UseMiddleware<ErrorHandler>();
        app.UseMiddleware<AmbiguousLength>();
        ViaKnownProxy.Use(app, app.Services.GetRequiredService<SecuritySettings>());
        app.UseMiddleware<HostFilter>();
        app.UseMiddleware<OriginGuard>();
        var ports = app.Services.GetRequiredService<BoundPorts>();
        app.Lifetime.ApplicationStarted.Register(() => ports.Http = HttpPort(app.Services.GetRequiredService<IServer>()));
        return app;
    }

    private static int HttpPort(IServer server) =>
        new Uri(server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.ElementAt(WebServer.HttpIndex)).Port;
}
