using Akka.Actor;

namespace Im.Tests.Support;

/// <summary>An actor of another node as far as anybody can see; what it is told goes to a probe.</summary>
internal sealed class RemoteRef(IActorRef probe, Address node, string name) : MinimalActorRef
{
    public static readonly Address NodeB = Address.Parse("akka.tcp://im@b:4053");
    public static readonly Address NodeC = Address.Parse("akka.tcp://im@c:4053");

    public override ActorPath Path { get; } = new RootActorPath(node) / "user" / name;

    public override IActorRefProvider Provider => throw new NotSupportedException("Nothing is resolved by it.");

    protected override void TellInternal(object message, IActorRef sender) => probe.Tell(message, sender);
}
