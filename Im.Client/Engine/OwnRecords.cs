using System.Text.Json;

namespace Im.Client.Engine;

/// <summary>The reply to an own command is the record at its number: this makes that record from what was sent and what was answered.</summary>
internal static class OwnRecords
{
    /// <summary>Null for a command whose record comes as a push.</summary>
    public static ImRecord? From(OutboxEntry entry, JsonElement reply, string user)
    {
        if (reply.Text("epoch") is not { } epoch || reply.Number("mseq") is not { } mseq) return null;
        using var sent = JsonDocument.Parse(entry.Data);
        var data = sent.RootElement;
        var record = new ImRecord
        {
            Conversation = reply.Text("conv") ?? entry.Conversation,
            Epoch = epoch,
            Mseq = mseq,
            Mid = reply.Text("mid"),
            Cid = entry.Cid,
            From = user,
            Timestamp = RecordReader.Time(reply),
        };
        return entry.Command switch
        {
            "msg" => record with { Type = data.Text("type") ?? "text", Text = data.Text("msg") ?? "", Ext = data.Member("ext")?.Clone() },
            "edit" or "recall" => record with { Type = "event", Text = data.Text("msg") ?? "", Ext = Event(entry.Command, data.Number("mseq") ?? 0) },
            _ => null,
        };
    }

    private static JsonElement Event(string operation, long mseq)
    {
        using var document = JsonDocument.Parse(Wire.Object(writer =>
        {
            writer.WriteString("op", operation);
            writer.WriteNumber("mseq", mseq);
        }));
        return document.RootElement.Clone();
    }
}
