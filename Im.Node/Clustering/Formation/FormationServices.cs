using Im.Node.Configuration;
using Im.Node.Storage;
using Im.Node.Storage.Postgres;

namespace Im.Node.Clustering.Formation;

internal static class FormationServices
{
    /// <exception cref="StartupException">The certificates are not usable.</exception>
    public static IServiceCollection AddImFormation(this IServiceCollection services, ImOptions options)
    {
        var tls = ClusterTlsFiles.Load(options, TimeProvider.System.GetUtcNow());
        if (tls is not null) services.AddSingleton(tls);
        services.AddSingleton(FormationSettings.Of(options));
        services.AddSingleton<INodeRegistry>(provider =>
            options.Cluster.SeedNodes.Count > 0 ? new PostgresNodeRegistry(provider.GetRequiredService<StoreSettings>()) : new NoRegistry());
        services.AddSingleton(provider => new JoinReport(
            options, provider.GetRequiredService<FormationSettings>(), new SeedProbe(tls), provider.GetRequiredService<INodeRegistry>(), provider));
        return services;
    }
}
