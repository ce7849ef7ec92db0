using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Hosting;
using Im.Actors;
using Im.Actors.Administration;

namespace Im.Node.Composition;

/// <summary>What operators ask of the cluster: the node's part that answers, and the edge that asks all nodes.</summary>
internal static class AdminServices
{
    private static readonly string[] Regions = ["session", "conversation"];

    public static IServiceCollection AddImAdministration(this IServiceCollection services) =>
        services.AddSingleton<IClusterAdmin>(provider => new ClusterAdmin(provider.GetRequiredService<ActorSystem>()));

    /// <summary>After the actors, whose shard regions it counts.</summary>
    public static void WithImAdministration(this AkkaConfigurationBuilder akka, IServiceProvider provider)
    {
        var time = provider.GetRequiredService<TimeProvider>();
        var started = time.GetTimestamp();
        akka.WithActors((system, _) =>
        {
            var sharding = ClusterSharding.Get(system);
            var facts = new NodeFacts(
                provider.GetRequiredService<ImActorsSettings>().Node, started, time, provider.GetRequiredService<ImActors>(), Regions.ToDictionary(region => region, sharding.ShardRegion));
            system.ActorOf(NodeAdminActor.Create(facts, provider.GetRequiredService<INodeControl>()), NodeAdminActor.Name);
        });
    }
}
