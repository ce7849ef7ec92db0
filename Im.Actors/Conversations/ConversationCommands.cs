using Akka.Actor;
using Im.Actors.Messages;
using Im.Actors.Sessions;
using Im.Protocol.Names;

namespace Im.Actors.Conversations;

/// <summary>What a ConversationActor is asked to do.</summary>
public static class ConversationCommands
{
    /// <summary>
    /// A user enters by a relay. Ordered by the owner and published as <see cref="EnvelopeKind.Entered"/>; the relay repeats it until it
    /// has seen that.
    /// </summary>
    /// <param name="Op">Grows with every enter and exit of the relay; one that was applied before changes nothing.</param>
    /// <param name="Previous">The relay's op of this conversation before this one, 0 for none: the owner takes them in order only.</param>
    /// <param name="IsFirst">The user had no other connection in this conversation by this relay.</param>
    public sealed record Enter(ConversationKey Conversation, UserId User, IActorRef Relay, long Op, long Previous, bool IsFirst) : IClusterMessage, IWithConversationKey;

    /// <summary>The user's last connection by this relay has left. Published as Exited.</summary>
    public sealed record Exit(ConversationKey Conversation, UserId User, IActorRef Relay, long Op, long Previous) : IClusterMessage, IWithConversationKey;

    /// <summary>Publish a message. Answered by <see cref="ConversationEvents.Posted"/> or PostRefused to <paramref name="ReplyTo"/>.</summary>
    /// <param name="Tag">Given back with the answer.</param>
    /// <param name="Cid">With the sender the identity of the message: the same again is answered with <c>dup</c>. Null for what is sent once.</param>
    /// <param name="Numbered">False: ephemeral, without an mseq.</param>
    /// <param name="SenderConnection">The sending connection gets no push of its own.</param>
    /// <param name="ExcludeUser">Gets none of it.</param>
    /// <param name="ReportTo">Told by every relay what its fan-out came to, or null.</param>
    public sealed record Post(
        ConversationKey Conversation,
        long Tag,
        string MessageId,
        string Sender,
        string From,
        string Command,
        string? Seq,
        string Type,
        string Text,
        string? Ext,
        string? Cid,
        bool Numbered,
        string? SenderConnection,
        UserId? ExcludeUser,
        IActorRef ReplyTo,
        IActorRef? ReportTo) : IClusterMessage, IWithConversationKey;

    /// <summary>
    /// Hand a push to the user's session, once for a sender and cid: the inbox remembers and forwards in one step, so that a cid
    /// never stands for a push that was not sent. Answered by <see cref="ConversationEvents.Claimed"/>.
    /// </summary>
    public sealed record PushOnce(ConversationKey Conversation, string Sender, string Cid, SessionCommands.Push Push) : IClusterMessage, IWithConversationKey;

    /// <summary>A relay answers an owner that has just started: how many users it has, and the last op that it had seen applied.</summary>
    public sealed record Report(ConversationKey Conversation, IActorRef Relay, int Users, long Op) : IClusterMessage, IWithConversationKey;
}

/// <summary>What a ConversationActor says.</summary>
public static class ConversationEvents
{
    /// <param name="Mseq">0 for an ephemeral.</param>
    public sealed record Posted(long Tag, string MessageId, string Epoch, long Mseq, long TimestampMs, bool Duplicate) : IClusterMessage;

    /// <summary>Nothing was published.</summary>
    public sealed record PostRefused(long Tag, Im.Protocol.ReplyCode Code) : IClusterMessage;

    /// <param name="MessageId">The first claim's id when <paramref name="Duplicate"/>.</param>
    public sealed record Claimed(string MessageId, bool Duplicate) : IClusterMessage;
}
