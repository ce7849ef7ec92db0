using Akka.Actor;
using Im.Node.Clustering.Downing;
using Im.Node.Clustering.Formation;
using Im.Node.Clustering.Staying;
using Im.Node.Configuration;
using Im.Node.Health;
using Im.Node.Lifetime;
using Microsoft.Extensions.Options;

namespace Im.Node.Clustering;

/// <summary>What joins the cluster and watches over this node's part in it, once the actors are there.</summary>
internal static class ClusterStart
{
    public static void Run(ActorSystem system, IServiceProvider services)
    {
        var stopping = services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        TlsFailureHold.Install(system, stopping);
        system.ActorOf(MembershipActor.Create(services.GetRequiredService<NodeReadiness>(), services.GetRequiredService<IProcessEnd>()), "im-membership");
        if (services.GetRequiredService<IOptions<ImOptions>>().Value.Cluster is { SeedNodes.Count: > 0 } cluster) DowningStart.Run(system, cluster, services.GetRequiredService<IProcessEnd>());
        system.ActorOf(FormationActor.Create(services.GetRequiredService<FormationSettings>(), services.GetRequiredService<INodeRegistry>()), "im-formation");
    }
}
