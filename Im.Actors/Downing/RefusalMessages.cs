using Im.Actors.Messages;
using UniqueAddress = Akka.Cluster.UniqueAddress;

namespace Im.Actors.Downing;

/// <summary>What nodes tell each other of a node that may be gone.</summary>
internal static class RefusalMessages
{
    /// <summary>To every other member, and again as long as it is so.</summary>
    /// <param name="Node">The incarnation that was the member at that address when the port was tried.</param>
    /// <param name="By">Who tried it.</param>
    public sealed record Refused(UniqueAddress Node, UniqueAddress By) : IClusterMessage;
}
