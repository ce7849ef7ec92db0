using Im.Actors.Conversations.Store;
using Im.Protocol.Json;

namespace Im.Actors.Conversations;

/// <summary>Writes stored records to the wire: one object in pushes and in lists (docs/protocol.md, "A record").</summary>
internal static class RecordWriter
{
    public const string EventCommand = "event";

    /// <summary>The finished level 2 push frame.</summary>
    /// <param name="seq">What the seed's callers chose; null takes the message id.</param>
    public static byte[] Push(StoredRecord record, string conversation, string epoch, string? seq = null)
    {
        var buffer = PushWriter.Begin(seq ?? record.MessageId, record.IsEvent ? EventCommand : CommandNames.Message);
        Write(ref buffer, record, conversation, epoch);
        buffer.Raw("}}"u8);
        return buffer.ToTextFrame();
    }

    /// <summary>The seed's form, without what makes it a record.</summary>
    public static byte[] Level0Push(StoredRecord record, string? command, string? seq) =>
        PushWriter.Level0(new PushContent(seq ?? record.MessageId, command ?? CommandNames.Message, record.Type, record.Text, record.From, null, null, 0, null, null, record.TimestampMs));

    /// <summary>The record as a JSON object.</summary>
    public static void Write(ref WireBuffer buffer, StoredRecord record, string conversation, string epoch)
    {
        Member(ref buffer, "{\"target\":\"\",\"type\":"u8, record.Type);
        Member(ref buffer, ",\"msg\":"u8, record.IsRecalled ? "" : record.Text);
        Member(ref buffer, ",\"from\":"u8, record.From);
        Member(ref buffer, ",\"conv\":"u8, conversation);
        Member(ref buffer, ",\"epoch\":"u8, epoch);
        Number(ref buffer, ",\"mseq\":"u8, record.Mseq);
        Member(ref buffer, ",\"mid\":"u8, record.MessageId);
        if (record.Cid is not null) Member(ref buffer, ",\"cid\":"u8, record.Cid);
        if (record.Ext is not null && !record.IsRecalled)
        {
            buffer.Raw(",\"ext\":"u8);
            buffer.Utf8(record.Ext);
        }

        if (record.IsRecalled) buffer.Raw(",\"recalled\":true"u8);
        else if (record.ChangedBy > 0) Number(ref buffer, ",\"edited\":"u8, record.ChangedBy);
        Number(ref buffer, ",\"ts\":"u8, record.TimestampMs);
        buffer.Raw("}"u8);
    }

    /// <summary>A JSON array of records.</summary>
    public static void Write(ref WireBuffer buffer, IReadOnlyList<StoredRecord> records, string conversation, string epoch)
    {
        buffer.Raw("["u8);
        for (var i = 0; i < records.Count; i++)
        {
            if (i > 0) buffer.Raw(","u8);
            Write(ref buffer, records[i], conversation, epoch);
        }

        buffer.Raw("]"u8);
    }

    private static void Member(ref WireBuffer buffer, ReadOnlySpan<byte> name, string value)
    {
        buffer.Raw(name);
        buffer.Text(value);
    }

    private static void Number(ref WireBuffer buffer, ReadOnlySpan<byte> name, long value)
    {
        buffer.Raw(name);
        buffer.Number(value);
    }
}
