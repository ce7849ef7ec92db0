using Akka.Actor;

namespace Im.Actors.Sessions;

/// <summary>
/// One entity per shard, beside its sessions: takes a node's offers in one message and hands them to the sessions through the shard,
/// so that they cross the network in batches and need nobody's knowledge of where a shard is.
/// </summary>
internal sealed class SessionOffersActor : UntypedActor
{
    public static readonly Props Props = Props.Create(() => new SessionOffersActor()).WithDispatcher("im.session-dispatcher");

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case SessionCommands.Offers offers: OnOffers(offers); break;
            case SessionActor.Stop: Context.Stop(Self); break;
            default: Unhandled(message); break;
        }
    }

    private static void OnOffers(SessionCommands.Offers offers)
    {
        foreach (var attach in offers.Connections) Context.Parent.Tell(new SessionCommands.Offer(attach), ActorRefs.NoSender);
    }
}
