using System.Reflection;
using Akka.Cluster.Hosting;
using Akka.Configuration;
using Akka.Hosting;
using Akka.Remote.Hosting;
using Im.Node.Clustering.Door;
using Im.Node.Clustering.Formation;
using Im.Node.Configuration;

namespace Im.Node.Clustering;

internal static class ImActorSystem
{
    /// <summary>Part of every actor's address; nodes of one cluster share it.</summary>
    public const string Name = "im";

    /// <summary>
    /// The actor system of a cluster's node. Without seed nodes this process joins itself and runs the code path of many nodes.
    /// Registered first, hence stopped last.
    /// </summary>
    /// <param name="configure">Adds the actors.</param>
    public static IServiceCollection AddImActorSystem(this IServiceCollection services, ImOptions options, Action<AkkaConfigurationBuilder, IServiceProvider> configure)
    {
        services.AddImFormation(options);
        services.AddSingleton<RefusalLog>();
        services.AddSingleton(static provider => new ClusterDoor(provider.GetService<ClusterTls>(), provider.GetRequiredService<RefusalLog>()));
        services.AddHostedService<ActorSystemStart>();
        services.AddAkka(Name, (akka, provider) =>
        {
            akka.AddHocon(Tuning(), HoconAddMode.Prepend)
                .ConfigureLoggers(logging =>
                {
                    logging.ClearLoggers();
                    logging.AddLoggerFactory();
                    logging.LogLevel = Akka.Event.LogLevel.WarningLevel;
                })
                .WithRemoting(remote => Configure(remote, options, provider))
                .AddHocon(DoorTransport.Hocon, HoconAddMode.Prepend)
                .AddSetup(new DoorSetup(provider.GetRequiredService<ClusterDoor>()))
                .WithClustering(new ClusterOptions { SeedNodes = [], AppVersion = NodeVersion.Text });
            akka.WithActors((system, _) => system.ActorOf(DeadLetterCounterActor.Create(), "dead-letters"));
            configure(akka, provider);
            akka.AddStartup((system, _) => ClusterStart.Run(system, provider));
        });
        return services;
    }

    /// <summary><c>hocon/im.conf</c>, which is compiled in.</summary>
    public static Config Tuning()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("hocon/im.conf")!;
        using var reader = new StreamReader(stream);
        return ConfigurationFactory.ParseString(reader.ReadToEnd());
    }

    private static void Configure(RemoteOptions remote, ImOptions options, IServiceProvider provider)
    {
        var tls = provider.GetService<ClusterTls>();
        remote.HostName = NodePorts.RemotingAddress(options).ToString();
        remote.Port = options.Cluster.Port;
        remote.PublicHostName = ClusterAddress.HostOf(options);
        remote.EnableSsl = tls is not null;
        if (tls is not null) remote.Ssl = tls.ToSslOptions(provider.GetRequiredService<ClusterDoor>());
    }
}
