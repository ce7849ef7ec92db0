using Akka.Actor;
using Im.Actors.Messages;

namespace Im.Actors.Links;

/// <summary>The sending end of a link, as any thread sees it.</summary>
/// <remarks>
/// At most <see cref="MaxWaitingCount"/> messages wait in it. One beyond is refused: a send is answered 1016 at once, any other is lost, as
/// on a broken network, and its source repeats it or ends by its time-out.
/// </remarks>
internal sealed class NodeLink(IActorRef actor)
{
    public const int MaxWaitingCount = 65_536;

    private int _waiting;

    /// <param name="Plain">The way without the link, for what is too large.</param>
    /// <param name="Receiver">Path of an actor of the peer; empty for an entity.</param>
    internal sealed record Outgoing(IActorRef Plain, string Receiver, LinkRegion Region, IClusterMessage Message, IActorRef? Sender) : ILocalMessage;

    public int Waiting => Volatile.Read(ref _waiting);

    public void Tell(Outgoing outgoing)
    {
        if (Interlocked.Increment(ref _waiting) <= MaxWaitingCount)
        {
            actor.Tell(outgoing, ActorRefs.NoSender);
            return;
        }

        Left(1);
        Refusal.Answer(outgoing.Message);
    }

    /// <summary>So many are on their way, or refused.</summary>
    public void Left(int count) => Interlocked.Add(ref _waiting, -count);
}
