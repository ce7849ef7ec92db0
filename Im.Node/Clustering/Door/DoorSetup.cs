using Akka.Actor.Setup;

namespace Im.Node.Clustering.Door;

/// <summary>Hands the door to the transport, which Akka makes.</summary>
internal sealed class DoorSetup(ClusterDoor door) : Setup
{
    public ClusterDoor Door { get; } = door;
}
