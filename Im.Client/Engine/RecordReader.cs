using System.Text.Json;

namespace Im.Client.Engine;

/// <summary>Reads records in the form of pushes and of <c>msgs</c> arrays.</summary>
internal static class RecordReader
{
    /// <param name="mid">Used when the record names none: a push carries it as <c>seq</c>.</param>
    /// <param name="conversation">Used when the record names none.</param>
    public static ImRecord Read(JsonElement data, string? mid = null, string? conversation = null) => new()
    {
        Conversation = data.Text("conv") ?? conversation ?? "",
        Epoch = data.Text("epoch") ?? "",
        Mseq = data.Number("mseq") ?? 0,
        Mid = data.Text("mid") ?? mid,
        Cid = data.Text("cid"),
        Type = data.Text("type") ?? "text",
        Text = data.Text("msg") ?? "",
        From = data.Text("from") ?? "",
        Ext = data.Member("ext"),
        Timestamp = Time(data),
        EditedBy = data.Number("edited"),
        IsRecalled = data.Flag("recalled"),
    };

    public static List<ImRecord> ReadAll(JsonElement data, string name, string? conversation = null) =>
        [.. data.Entries(name).Select(entry => Read(entry, null, conversation))];

    public static DateTimeOffset Time(JsonElement data, string name = "ts") => DateTimeOffset.FromUnixTimeMilliseconds(data.Number(name) ?? 0);
}
