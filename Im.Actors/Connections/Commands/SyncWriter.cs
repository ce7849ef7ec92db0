using Im.Actors.Conversations;
using Im.Actors.Conversations.Store;
using Im.Protocol.Json;

namespace Im.Actors.Connections.Commands;

/// <summary>Writes what a login or sync says of one conversation (docs/protocol.md).</summary>
internal static class SyncWriter
{
    /// <param name="members">Users in a room; null is left out.</param>
    public static void Write(ref WireBuffer buffer, SyncedConversation conversation, int? members)
    {
        buffer.Raw("{\"conv\":"u8);
        buffer.Text(conversation.Conversation);
        if (conversation.Outcome != ReadOutcome.Found)
        {
            buffer.Raw(",\"code\":"u8);
            buffer.Number((int)conversation.Outcome.Code());
            buffer.Raw("}"u8);
            return;
        }

        WriteState(ref buffer, conversation);
        if (members is { } count)
        {
            buffer.Raw(",\"members\":"u8);
            buffer.Number(count);
        }

        buffer.Raw(conversation.IsRecovered ? ",\"recovered\":true,\"msgs\":"u8 : ",\"recovered\":false,\"msgs\":"u8);
        RecordWriter.Write(ref buffer, conversation.Records, conversation.Conversation, conversation.Epoch);
        WriteLast(ref buffer, conversation);
        buffer.Raw("}"u8);
    }

    public static void WriteListed(ref WireBuffer buffer, SyncedConversation conversation)
    {
        buffer.Raw("{\"conv\":"u8);
        buffer.Text(conversation.Conversation);
        WriteState(ref buffer, conversation);
        WriteLast(ref buffer, conversation);
        buffer.Raw("}"u8);
    }

    private static void WriteState(ref WireBuffer buffer, SyncedConversation conversation)
    {
        buffer.Raw(",\"epoch\":"u8);
        buffer.Text(conversation.Epoch);
        buffer.Raw(",\"first\":"u8);
        buffer.Number(conversation.First);
        buffer.Raw(",\"head\":"u8);
        buffer.Number(conversation.Head);
        buffer.Raw(",\"read\":"u8);
        buffer.Number(conversation.Read);
        buffer.Raw(",\"unread\":"u8);
        buffer.Number(conversation.Unread);
        if (string.IsNullOrEmpty(conversation.Name)) return;
        buffer.Raw(",\"name\":"u8);
        buffer.Text(conversation.Name);
    }

    private static void WriteLast(ref WireBuffer buffer, SyncedConversation conversation)
    {
        if (conversation.Last is null) return;
        buffer.Raw(",\"last\":"u8);
        RecordWriter.Write(ref buffer, conversation.Last, conversation.Conversation, conversation.Epoch);
    }
}
