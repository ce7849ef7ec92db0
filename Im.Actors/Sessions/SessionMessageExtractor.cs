using Akka.Cluster.Sharding;
using Im.Actors.Messages;
using Im.Protocol.Names;

namespace Im.Actors.Sessions;

/// <summary>
/// Entity <c>app|user</c>, and one entity <c>~shard</c> per shard for offers. The shard count is part of the cluster's contract and never changes.
/// </summary>
internal sealed class SessionMessageExtractor() : HashCodeMessageExtractor(ShardsCount)
{
    public const int ShardsCount = 256;

    private const char OffersPrefix = '~';

    public static bool IsOffers(string entityId) => entityId[0] == OffersPrefix;

    public override string? EntityId(object message) => message switch
    {
        IWithUserKey user => user.User.ToString(),
        SessionCommands.Offers offers => OffersPrefix + offers.Shard,
        _ => null,
    };

    public override string ShardId(string entityId, object? messageHint = null) => IsOffers(entityId) ? entityId[1..] : base.ShardId(entityId, messageHint);

    public string ShardOf(UserKey user) => ShardId(user.ToString());
}
