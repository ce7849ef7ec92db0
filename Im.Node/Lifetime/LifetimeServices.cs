using Im.Actors.Administration;
using Im.Node.Configuration;

namespace Im.Node.Lifetime;

internal static class LifetimeServices
{
    public static IServiceCollection AddImLifetime(this IServiceCollection services, ImOptions options)
    {
        services.AddSingleton<NodeAddresses>();
        services.AddSingleton<IProcessEnd, ProcessEnd>();
        services.AddSingleton<NodeControl>();
        services.AddSingleton<INodeControl>(provider => provider.GetRequiredService<NodeControl>());
        services.AddHostedService<NodeLifecycle>();
        services.Configure<HostOptions>(host => host.ShutdownTimeout = options.Drain.Timeout + StopBudget.Flush + StopBudget.Requests);
        return services;
    }
}
