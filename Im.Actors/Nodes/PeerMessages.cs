using Akka.Actor;
using Im.Actors.Messages;

namespace Im.Actors.Nodes;

/// <summary>A node is down or has left: nothing of it counts any more.</summary>
internal sealed record PeerGone(Address Node) : ILocalMessage;

/// <summary>The cluster changed in a way that may have lost messages: a node went, came or was reached again.</summary>
internal sealed record ClusterChanged : ILocalMessage
{
    public static readonly ClusterChanged Instance = new();
}

/// <summary>To a session: the lease of a connection may have run out.</summary>
internal sealed record LeaseIsDue : ILocalMessage
{
    public static readonly LeaseIsDue Instance = new();
}
