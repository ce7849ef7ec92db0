using Akka.Actor;
using Im.Protocol.Names;

namespace Im.Actors.Relays;

/// <summary>The relays of this node: which one serves a conversation.</summary>
internal sealed class RelayRefs(IReadOnlyList<IActorRef> relays)
{
    public IReadOnlyList<IActorRef> All => relays;

    public IActorRef For(ConversationKey conversation) => relays[Topics.Partition(conversation) % relays.Count];
}
