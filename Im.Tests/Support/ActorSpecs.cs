using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Im.Node.Clustering;

namespace Im.Tests.Support;

/// <summary>Specs of one actor: a system with the tuning of the real node, without a cluster.</summary>
/// <param name="more">HOCON in front of it.</param>
public abstract class ActorSpecs(string more = "") : TestKit(
    ConfigurationFactory.ParseString(more).WithFallback("akka { loglevel = WARNING, stdout-loglevel = OFF, loggers = [], test.timefactor = 5, test.single-expect-default = 10s, actor.provider = local }")
        .WithFallback(ImActorSystem.Tuning()))
{
    /// <summary>Starts the actor; what it tells its parent goes to <paramref name="parent"/>.</summary>
    protected IActorRef StartUnder(TestProbe parent, Props props)
    {
        Sys.ActorOf(ParentOf.Create(props, parent.Ref)).Tell(ParentOf.GetChild.Instance, TestActor);
        return ExpectMsg<IActorRef>();
    }
}
