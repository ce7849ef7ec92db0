using Akka.Actor;
using Im.Actors.Connections;

namespace Im.Actors.Nodes;

/// <summary>What the entities of a node see of the nodes: the own one's users at once, the others by asking.</summary>
/// <param name="Users">Who is connected to this node.</param>
/// <param name="RollCall">The RollCallActor.</param>
/// <param name="Lease">So long a connection on another node counts without being offered again.</param>
internal sealed record NodeView(UserIndex Users, PeerTable Peers, RemoteParts Remote, IActorRef RollCall, TimeSpan Lease);
