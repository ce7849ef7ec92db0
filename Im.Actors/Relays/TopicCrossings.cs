using Akka.Actor;
using Im.Actors.Conversations;
using Im.Actors.Telemetry;

namespace Im.Actors.Relays;

/// <summary>Counts what crosses from other nodes to a relay, by node. Used by its relay alone.</summary>
internal sealed class TopicCrossings
{
    /// <summary>More than a cluster has; addresses beyond are counted together.</summary>
    private const int MaxNodesCount = 64;

    private readonly Dictionary<Address, string> _names = [];

    /// <param name="publisher">The publishing node's; of this node nothing has crossed.</param>
    public void Count(IActorRef publisher, TopicBatch batch)
    {
        var address = publisher.Path.Address;
        if (!address.HasGlobalScope) return;
        if (!_names.TryGetValue(address, out var name)) name = NameOf(address);
        ImMetrics.TopicReceived(name, batch.Envelopes.Count, batch.Envelopes.Sum(envelope => envelope.Frames.Bytes));
    }

    private string NameOf(Address address) => _names.Count >= MaxNodesCount ? "other" : _names[address] = $"{address.Host}:{address.Port}";
}
