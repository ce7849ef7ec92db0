using Akka.Actor;
using Im.Actors.Connections;
using Im.Actors.Messages;
using Im.Protocol.Names;

namespace Im.Actors.Relays;

/// <summary>What a relay is asked by the connections of its node.</summary>
internal static class RelayCommands
{
    /// <summary>A command about one connection: when it fails, that connection ends.</summary>
    public interface IOfConnection : ILocalMessage
    {
        ConnectionSlot Slot { get; }
    }

    /// <summary>The connection enters; once ordered, <paramref name="Reply"/> goes out through the lane before anything that comes after.</summary>
    public sealed record Join(ConversationKey Conversation, ConnectionSlot Slot, JoinReply Reply) : IOfConnection;

    /// <summary>The connection leaves; of one that is not in, only the reply goes out.</summary>
    /// <param name="Reply">Offered to the slot after its last frame of this conversation; null when the socket is gone.</param>
    public sealed record Leave(ConversationKey Conversation, ConnectionSlot Slot, Frame? Reply) : IOfConnection;

    /// <summary>A logged-in connection follows its app's channel.</summary>
    public sealed record Follow(AppId App, ConnectionSlot Slot) : IOfConnection;

    public sealed record Unfollow(AppId App, ConnectionSlot Slot) : IOfConnection;

    /// <summary>A member's connection follows its group: it gets what comes after its place. Answered by <see cref="RelayEvents.Followed"/>.</summary>
    /// <param name="Mseq">Its place: up to here the connection reads for itself from the store, as far as its user may.</param>
    public sealed record FollowGroup(ConversationKey Conversation, ConnectionSlot Slot, string Epoch, long Mseq) : IOfConnection;

    public sealed record UnfollowGroup(ConversationKey Conversation, ConnectionSlot Slot) : IOfConnection;

    /// <summary>How far the conversation is, read from the store.</summary>
    public sealed record Head(ConversationKey Conversation, string Epoch, long Mseq) : ILocalMessage;

    /// <summary>Who of this node is in a room, for another node's relay. Answered by NodeAnswers.Members, in one or several parts.</summary>
    public sealed record GetMembers(ConversationKey Conversation, IActorRef ReplyTo) : ILocalMessage;

    /// <summary>The names in a room on this node, after a name, in ordinal order. Answered by <see cref="RelayEvents.Names"/>.</summary>
    public sealed record GetNames(ConversationKey Conversation) : ILocalMessage;
}

public static class RelayEvents
{
    /// <summary>Told to the ConnectionActor after the reply was handed to the lane.</summary>
    internal sealed record Joined(ConversationKey Conversation, int Members) : ILocalMessage;

    /// <summary>The connection gets what is published to the group: it asked, or its user was added.</summary>
    internal sealed record Followed(ConversationKey Conversation) : ILocalMessage;

    /// <summary>The connection's user was taken out of the group.</summary>
    internal sealed record Unfollowed(ConversationKey Conversation) : ILocalMessage;

    public sealed record Names(IReadOnlyList<string> Users) : ILocalMessage;

    /// <summary>What a fan-out came to on one node.</summary>
    public sealed record FanoutReport(string MessageId, string Node, int Members, int Queued, int Dropped) : IClusterMessage;
}

/// <summary>Makes the reply of a join once its facts are known.</summary>
internal abstract class JoinReply
{
    /// <returns>The frame, or null when the connection replies itself.</returns>
    public abstract Frame? Encode(int members);
}
