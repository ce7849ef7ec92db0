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

    /// <summary>Publish a message. Answered by <see cref="ConversationEvents.Posted"/> or PostRefused to <paramref name="ReplyTo"/>; a numbered one after it is on disk.</summary>
    /// <param name="Tag">Given back with the answer.</param>
    /// <param name="Cid">With the sender the identity of the message: the same again is answered with <c>dup</c>. Null for what is sent once.</param>
    /// <param name="Numbered">True: a record, stored. False: ephemeral, without an mseq.</param>
    /// <param name="SenderConnection">The sending connection gets no push of its own.</param>
    /// <param name="ExcludeUser">Gets none of it.</param>
    /// <param name="ReportTo">Told by every relay what its fan-out came to (inbox: by the session, what became of it on each device), or null.</param>
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
        IActorRef? ReportTo) : IClusterMessage, IWithConversationKey
    {
        /// <summary>The place in the connection's window of sends to this conversation; null for what is not ordered (pushes).</summary>
        public SendPlace? Place { get; init; }

        /// <summary>The connection is not in the room: only a cid that is stored already is answered with 200.</summary>
        public bool IsOutside { get; init; }

        /// <summary>A back end's push: it may write where no user may.</summary>
        public bool IsFromServer { get; init; }

        /// <summary>Inbox: only devices of these platforms; empty means all.</summary>
        public IReadOnlyList<string> Platforms { get; init; } = [];

        /// <summary>Of a record: after it only a tombstone is read. Null: never.</summary>
        public TimeSpan? TimeToLive { get; init; }
    }

    /// <summary>Change or take back a record, as a record of its own. Answered as a Post.</summary>
    /// <param name="Text">The new text of an edit; null recalls.</param>
    public sealed record Amend(
        ConversationKey Conversation, long Tag, string MessageId, UserId User, string Cid, long Mseq, string? Text, string SenderConnection, IActorRef ReplyTo)
        : IClusterMessage, IWithConversationKey
    {
        public SendPlace? Place { get; init; }

        /// <summary>The connection is not in the room: only a cid that is stored already is answered with 200.</summary>
        public bool IsOutside { get; init; }
    }

    /// <summary>Make a group, change or show its members. Answered by GroupAnswered or PostRefused.</summary>
    /// <param name="IsFromServer">A back end's: allowed whatever the caller's role is.</param>
    public sealed record Group(
        ConversationKey Conversation, long Tag, string MessageId, string Sender, UserId User, string Cid, GroupChange Change, string? SenderConnection, bool IsFromServer, IActorRef ReplyTo)
        : IClusterMessage, IWithConversationKey;

    /// <summary>How far a user has a conversation; others are told at most once a second. Not answered.</summary>
    public sealed record Mark(ConversationKey Conversation, UserId User, long Delivered, long Read) : IClusterMessage, IWithConversationKey;

    /// <summary>A sign of the moment (typing) for the others who are there; not stored, not answered, refused silently when the user may not write.</summary>
    /// <param name="Frame">For level 2 connections.</param>
    public sealed record Signal(ConversationKey Conversation, UserId User, string SenderConnection, Im.Actors.Connections.Frame Frame) : IClusterMessage, IWithConversationKey;

    /// <summary>A session has taken a record of a one-to-one conversation or an inbox.</summary>
    public sealed record Routed(ConversationKey Conversation, UserId User, long Mseq) : IClusterMessage, IWithConversationKey;

    /// <summary>
    /// Hand a push to the user's session, once for a sender and cid: the inbox remembers and forwards in one step, so that a cid
    /// never stands for a push that was not sent. Answered by <see cref="ConversationEvents.Claimed"/>.
    /// </summary>
    public sealed record PushOnce(ConversationKey Conversation, string Sender, string Cid, SessionCommands.Push Push) : IClusterMessage, IWithConversationKey
    {
        /// <summary>Given back with the answer.</summary>
        public long Tag { get; init; }
    }

    /// <summary>A relay answers an owner that has just started: how many users it has, and the last op that it had seen applied.</summary>
    public sealed record Report(ConversationKey Conversation, IActorRef Relay, int Users, long Op) : IClusterMessage, IWithConversationKey;
}

/// <summary>What a ConversationActor says.</summary>
public static class ConversationEvents
{
    /// <param name="Mseq">0 for an ephemeral.</param>
    public sealed record Posted(long Tag, string MessageId, string Epoch, long Mseq, long TimestampMs, bool Duplicate) : IClusterMessage;

    /// <summary>Nothing was published by this attempt; with OutcomeUnknown it may be stored all the same.</summary>
    public sealed record PostRefused(long Tag, Im.Protocol.ReplyCode Code) : IClusterMessage
    {
        /// <summary>The member of the data at fault, or null.</summary>
        public string? Field { get; init; }

        /// <summary>With RangeNotKept: the first number that is kept.</summary>
        public long First { get; init; }
    }

    /// <param name="Mseq">The record that says the change; the head when nothing changed.</param>
    public sealed record GroupAnswered(long Tag, string Name, IReadOnlyList<GroupMember> Members, long Mseq) : IClusterMessage;

    public sealed record GroupMember(string User, Store.MemberRole Role);

    /// <param name="MessageId">The first claim's id when <paramref name="Duplicate"/>.</param>
    public sealed record Claimed(string MessageId, bool Duplicate) : IClusterMessage
    {
        public long Tag { get; init; }
    }
}
