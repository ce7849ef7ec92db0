using Akka.Actor;

namespace Im.Tests.Support;

/// <summary>Starts an actor as its child; what anybody tells the parent goes to the probe.</summary>
internal sealed class ParentOf : UntypedActor
{
    public static Props Create(Props child, IActorRef probe) => Props.Create(() => new ParentOf(child, probe));

    public sealed record GetChild
    {
        public static readonly GetChild Instance = new();
    }

    private readonly IActorRef _probe;
    private readonly IActorRef _child;

    public ParentOf(Props child, IActorRef probe)
    {
        _probe = probe;
        _child = Context.ActorOf(child);
    }

    protected override void OnReceive(object message)
    {
        if (message is GetChild) Sender.Tell(_child);
        else _probe.Forward(message);
    }
}
