using Akka.Actor;
using Akka.Cluster;
using Im.Node.Health;

namespace Im.Node.Clustering;

/// <summary>Joins the cluster of one and tells <see cref="NodeReadiness"/> when this node is Up, and when it no longer is.</summary>
internal static class ClusterJoin
{
    public static void Start(ActorSystem system, NodeReadiness readiness)
    {
        var cluster = Cluster.Get(system);
        cluster.RegisterOnMemberUp(() => readiness.Ready(NodePart.Cluster));
        cluster.RegisterOnMemberRemoved(() => readiness.NotReady(NodePart.Cluster, "left the cluster"));
        cluster.Join(cluster.SelfAddress);
    }
}
