using Im.Protocol.Names;

namespace Im.Actors.Messages;

/// <summary>Identity of a stored record inside its app.</summary>
public sealed record RecordPlace(ConversationId Conversation, string Epoch, long Mseq);
