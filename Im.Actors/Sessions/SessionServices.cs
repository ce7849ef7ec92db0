using Im.Actors.Conversations.Store;
using Im.Actors.Nodes;
using Im.Actors.Sessions.Policies;

namespace Im.Actors.Sessions;

/// <summary>What all SessionActors of a node share.</summary>
/// <param name="Store">Keeps when a user was last seen.</param>
internal sealed record SessionServices(DevicePolicies Devices, IMessageStore Store, NodeView View, TimeProvider Time)
{
    public EntityCounters Entities { get; init; } = new();
}
