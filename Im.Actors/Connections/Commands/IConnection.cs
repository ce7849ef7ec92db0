using Akka.Actor;
using Im.Actors.Conversations;
using Im.Protocol;
using Im.Protocol.Names;

namespace Im.Actors.Connections.Commands;

/// <summary>A ConnectionActor as command handlers see it. To be used on the actor's own thread only.</summary>
internal interface IConnection
{
    ConnectionSlot Slot { get; }

    ConnectionServices Services { get; }

    /// <summary>The actor, for replies of other hops.</summary>
    IActorRef Self { get; }

    /// <summary>Rooms that this connection is in, in the order of joining.</summary>
    IReadOnlyList<ConversationId> Rooms { get; }

    /// <summary>Whose presence this connection is told of; null when nobody's.</summary>
    WatchList? Watches { get; set; }

    /// <summary>The user is a member of the group, as far as this connection knows: it logged in with it, or was added since.</summary>
    bool Follows(ConversationId group);

    void AddRoom(ConversationId room);

    void RemoveRoom(ConversationId room);

    /// <summary>Later commands wait until <see cref="Resume"/>; the flow gets the messages.</summary>
    void Suspend(CommandFlow flow);

    void Resume();

    /// <summary>A tag that nothing else on this connection has: a late answer to a repeat is not taken for that of a later command.</summary>
    long NextTag();

    /// <summary>Remembers a command that is answered later while others go on; given back by <see cref="TakePipelined"/>.</summary>
    /// <returns>The tag that the answer carries.</returns>
    long Pipeline(ConnectionInput.Command command);

    ConnectionInput.Command? TakePipelined(long tag);

    /// <summary>Sends a durable command to its conversation's owner, in the connection's window of that conversation, until it is answered.</summary>
    /// <param name="cid">As the client gave it; null when it gave none.</param>
    /// <param name="make">Makes the message, from the tag that its answer carries and its place.</param>
    void Send(ConnectionInput.Command command, ConversationId conversation, string? cid, Func<long, SendPlace, object> make);

    /// <summary>The epoch that this connection was last told: what its numbers without one mean.</summary>
    string Epoch(string conversation);

    void TellEpoch(string conversation, string epoch);

    /// <summary>The client holds everything up to this number, or has skipped it.</summary>
    void Acked(string conversation, long mseq, bool skipped);

    /// <summary>Offers a push to the own socket.</summary>
    void Push(Frame frame);

    void Close(CloseCode code, string reason);
}
