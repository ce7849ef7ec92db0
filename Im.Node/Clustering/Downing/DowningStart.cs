using Akka.Actor;
using Im.Actors.Downing;
using Im.Node.Configuration;
using Im.Node.Lifetime;

namespace Im.Node.Clustering.Downing;

/// <summary>What decides, besides the split-brain resolver, that a node is out: its process is gone, or it is this one and sees the others no more.</summary>
internal static class DowningStart
{
    public static void Run(ActorSystem system, NodeClusterOptions options, IProcessEnd end)
    {
        if (options.DownOnRefusal) system.ActorOf(RefusalActor.Create(new TcpPortProbe(), RefusalSettings.Default, TimeProvider.System), RefusalActor.Name);
        system.ActorOf(MinorityActor.Create(end, MinorityActor.DefaultPatience, TimeProvider.System), "im-minority");
    }
}
