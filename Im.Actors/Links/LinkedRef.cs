using Akka.Actor;
using Im.Actors.Messages;

namespace Im.Actors.Links;

/// <summary>
/// An actor of another node, told by way of the link to that node while one is open, else as any remote actor. What our serializer reads
/// as a remote actor is one of these, so every answer to it is packed with others.
/// </summary>
/// <param name="remote">The same actor without the link.</param>
/// <param name="path">Its path with address, as it was read.</param>
internal sealed class LinkedRef(IInternalActorRef remote, string path, LinkTable links) : RefAround(remote)
{
    private readonly IInternalActorRef _remote = remote;

    protected override void TellInternal(object message, IActorRef sender)
    {
        if (message is IClusterMessage ours && links.Find(_remote.Path.Address) is { } link)
            link.Tell(new NodeLink.Outgoing(_remote, path, LinkRegion.None, ours, sender));
        else
            _remote.Tell(message, sender);
    }
}
