using Akka.Actor;
using Im.Actors.Conversations.Store;
using Im.Actors.Nodes;

namespace Im.Actors.Conversations;

/// <summary>What all ConversationActors of a node share.</summary>
/// <param name="Publisher">The node's way to the topics.</param>
/// <param name="Sessions">The region of the sessions.</param>
internal sealed record ConversationServices(IActorRef Publisher, IActorRef Sessions, IFanoutGate Gate, IMessageStore Store, ConversationSettings Settings, NodeView View, TimeProvider Time)
{
    public EntityCounters Entities { get; init; } = new();
}
