using System.Text.Json;

namespace Im.Client.Engine;

/// <summary>What each push means, by its <c>cmd</c>. Unknown ones are ignored.</summary>
internal sealed class PushRouter(IEngineHost host, ReplicaSet replicas, ReceiptMarks receipts, bool tellsPushes, Action<long> goAway)
{
    public void Route(string command, string? seq, JsonElement data, long now)
    {
        var conversation = data.Text("conv") ?? "";
        switch (command)
        {
            case "msg" or "event": OnRecord(data, seq, now); break;
            case "enter" or "exit": host.Notice(new ImRoomMove(conversation, data.Text("from") ?? "", command == "enter")); break;
            case "count": host.Notice(new ImRoomCount(conversation, data.Number("members") ?? 0)); break;
            case "receipt": OnReceipt(new ImReceipt(conversation, data.Text("user") ?? "", data.Number("delivered"), data.Number("read"))); break;
            case "read": host.Notice(new ImReadMark(conversation, data.Number("mseq") ?? 0)); break;
            case "typing": host.Notice(new ImTyping(conversation, data.Text("user") ?? "", data.Text("state") == "start")); break;
            case "presence": host.Notice(Presence(data)); break;
            case "sync_required": OnSyncRequired(data); break;
            case "kicked": host.Notice(new ImKicked(data.Text("reason") ?? "", data.Text("platform"), data.Text("device"))); break;
            case "token_expiring": host.WantToken(); break;
            case "goaway": goAway(Math.Clamp(data.Number("afterMs") ?? 0, 0, 60_000)); break;
        }
    }

    public static ImPresence Presence(JsonElement data) => new(
        data.Text("user") ?? "",
        data.Text("state") == "online",
        data.Names("platforms"),
        data.Number("lastSeen") is null ? null : RecordReader.Time(data, "lastSeen"));

    private void OnReceipt(ImReceipt receipt)
    {
        if (receipts.Take(receipt) is { } news) host.Notice(news);
    }

    private void OnRecord(JsonElement data, string? seq, long now)
    {
        var record = RecordReader.Read(data, seq);
        if (tellsPushes) host.Notice(new ImPushed(record));
        if (record.Mseq > 0) replicas.Offer(record, now);
        else host.Notice(new ImEphemeral(record));
    }

    private void OnSyncRequired(JsonElement data)
    {
        var named = data.Flag("all") ? [.. replicas.All.Select(replica => replica.Conversation)] : data.Names("convs");
        foreach (var conversation in named) replicas.OnMoved(conversation, ImCatchUpCause.Told);
    }
}
