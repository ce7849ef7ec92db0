using Akka.Cluster.Sharding;
using Im.Actors.Messages;
using Im.Protocol.Names;

namespace Im.Actors.Conversations;

/// <summary>Entity <c>app/conversation</c>. The shard count is part of the cluster's contract and never changes.</summary>
internal sealed class ConversationMessageExtractor() : HashCodeMessageExtractor(ShardsCount)
{
    public const int ShardsCount = 256;

    public override string? EntityId(object message) => (message as IWithConversationKey)?.Conversation.ToString();

    /// <summary>The way back from an entity id.</summary>
    public static ConversationKey Parse(string entityId)
    {
        var slash = entityId.IndexOf('/', StringComparison.Ordinal);
        var app = uint.Parse(entityId.AsSpan(0, slash), System.Globalization.CultureInfo.InvariantCulture);
        return new ConversationKey(new AppId(app), new ConversationId(entityId[(slash + 1)..]));
    }
}
