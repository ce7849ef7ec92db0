using Akka.Cluster.Sharding;
using Im.Actors.Messages;

namespace Im.Actors.Sessions;

/// <summary>Entity <c>app|user</c>. The shard count is part of the cluster's contract and never changes.</summary>
internal sealed class SessionMessageExtractor() : HashCodeMessageExtractor(ShardsCount)
{
    public const int ShardsCount = 256;

    public override string? EntityId(object message) => (message as IWithUserKey)?.User.ToString();
}
