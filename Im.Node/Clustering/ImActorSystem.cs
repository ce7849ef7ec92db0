using System.Globalization;
using System.Reflection;
using Akka.Cluster.Hosting;
using Akka.Configuration;
using Akka.Hosting;
using Akka.Remote.Hosting;
using Im.Node.Configuration;

namespace Im.Node.Clustering;

internal static class ImActorSystem
{
    /// <summary>Part of every actor's address; nodes of one cluster share it.</summary>
    public const string Name = "im";

    /// <summary>
    /// The actor system on a cluster of one: this process joins itself and runs the code path of many nodes. Registered first,
    /// hence stopped last.
    /// </summary>
    /// <param name="configure">Adds the actors.</param>
    public static IServiceCollection AddImActorSystem(this IServiceCollection services, ImOptions options, Action<AkkaConfigurationBuilder, IServiceProvider> configure)
    {
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
                .WithRemoting(remote =>
                {
                    remote.HostName = NodePorts.RemotingAddress.ToString();
                    remote.Port = options.Cluster.Port;
                    remote.PublicHostName = options.Cluster.AdvertisedHost ?? NodePorts.RemotingAddress.ToString();
                })
                .WithClustering(new ClusterOptions { SeedNodes = [] });
            akka.WithActors((system, _) => system.ActorOf(DeadLetterCounterActor.Create(), "dead-letters"));
            configure(akka, provider);
            akka.AddStartup((system, _) => ClusterJoin.Start(system, provider.GetRequiredService<Health.NodeReadiness>()));
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

    /// <summary>Address of this node as the cluster knows it, <c>host:port</c>.</summary>
    public static string AddressOf(Akka.Actor.ActorSystem system)
    {
        var address = Akka.Cluster.Cluster.Get(system).SelfAddress;
        return string.Create(CultureInfo.InvariantCulture, $"{address.Host}:{address.Port}");
    }
}
