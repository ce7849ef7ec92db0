using Akka.Actor;
using Im.Protocol.Names;

namespace Im.Actors.Messages;

/// <summary>May leave the node: plain data, no node-local objects.</summary>
public interface IClusterMessage;

/// <summary>Never leaves the node; may hold slots, tickets and callbacks.</summary>
public interface ILocalMessage : INoSerializationVerificationNeeded;

/// <summary>Goes to the SessionActor of this user.</summary>
public interface IWithUserKey
{
    UserKey User { get; }
}

/// <summary>Goes to the ConversationActor of this conversation.</summary>
public interface IWithConversationKey
{
    ConversationKey Conversation { get; }
}
