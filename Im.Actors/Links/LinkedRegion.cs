using Akka.Actor;
using Akka.Cluster.Sharding;
using Im.Actors.Messages;

namespace Im.Actors.Links;

/// <summary>
/// A shard region of this node. A message to an entity whose shard is known to live on another node goes by the link to that node, whose own
/// region takes it from there: what is known may be old, and is then only a detour.
/// </summary>
internal sealed class LinkedRegion(IInternalActorRef region, IMessageExtractor extractor, LinkRegion kind, ShardHomes homes, LinkTable links) : RefAround(region)
{
    private readonly IInternalActorRef _region = region;

    protected override void TellInternal(object message, IActorRef sender)
    {
        if (!homes.IsEmpty && message is IClusterMessage ours && LinkFor(message) is { } link)
            link.Tell(new NodeLink.Outgoing(_region, "", kind, ours, sender));
        else
            _region.Tell(message, sender);
    }

    private NodeLink? LinkFor(object message)
    {
        if (extractor.EntityId(message) is not { } entity || extractor.ShardId(entity, message) is not { } shard) return null;
        return homes.Find(shard) is { } home ? links.Find(home) : null;
    }
}
