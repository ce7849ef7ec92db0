using System.Text.Json.Nodes;

namespace Im.Tests.Browser;

/// <summary>One conversation of a <see cref="ScriptedServer"/>: dense numbers, each cid once.</summary>
internal sealed class ScriptedConversation(string id)
{
    private readonly List<JsonObject> _records = [];
    private readonly Dictionary<string, JsonObject> _byCid = [];

    public string Id { get; } = id;

    public string Epoch { get; set; } = "e1";

    public string? Name { get; set; }

    /// <summary>The lowest number that is still kept.</summary>
    public int First { get; set; } = 1;

    public int Head => _records.Count;

    /// <summary>User → role; of rooms who is in them, of others who may read.</summary>
    public Dictionary<string, string> Members { get; } = [];

    public Dictionary<string, int> ReadMarks { get; } = [];

    public IReadOnlyList<JsonObject> Records => _records;

    /// <summary>Appends, unless the sender's cid is known.</summary>
    public (JsonObject Record, bool Duplicate) Append(string from, string type, string text, string cid, JsonNode? ext = null)
    {
        if (_byCid.TryGetValue($"{from}/{cid}", out var known)) return (known, true);
        var record = new JsonObject
        {
            ["target"] = "", ["type"] = type, ["msg"] = text, ["from"] = from, ["conv"] = Id, ["epoch"] = Epoch, ["mseq"] = Head + 1,
            ["mid"] = $"m-{Id}-{Head + 1}", ["cid"] = cid, ["ts"] = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(),
        };
        if (ext is not null) record["ext"] = ext.DeepClone();
        _records.Add(record);
        _byCid[$"{from}/{cid}"] = record;
        return (record, false);
    }

    /// <summary>The record as it is now: changed, or taken back.</summary>
    public void Change(int mseq, string text, int by, bool recalled)
    {
        var record = _records[mseq - 1];
        record["msg"] = text;
        if (recalled) record["recalled"] = true;
        else record["edited"] = by;
    }

    public JsonArray Range(int after, int before, int limit, bool newest)
    {
        var kept = _records.Where(record => (int)record["mseq"]! >= First && (int)record["mseq"]! > after && (int)record["mseq"]! < before);
        return new JsonArray([.. (newest ? kept.TakeLast(limit) : kept.Take(limit)).Select(record => record.DeepClone())]);
    }

    /// <summary>What a login or a sync says, for a cursor or without one.</summary>
    public JsonObject CatchUp(string user, string? epoch, int after)
    {
        var read = ReadMarks.GetValueOrDefault(user);
        var unread = _records.Count(record => (int)record["mseq"]! > read && (string)record["from"]! != user && (string)record["type"]! != "event");
        var recovered = epoch == Epoch && Head - after <= 500 && First <= after + 1;
        var answer = new JsonObject
        {
            ["conv"] = Id, ["epoch"] = Epoch, ["first"] = First, ["head"] = Head, ["read"] = read, ["unread"] = unread, ["recovered"] = recovered,
            ["msgs"] = recovered ? Range(after, int.MaxValue, 500, newest: false) : epoch is null ? [] : Range(0, int.MaxValue, 50, newest: true),
        };
        if (Name is not null) answer["name"] = Name;
        if (Id.StartsWith("r:", StringComparison.Ordinal)) answer["members"] = Members.Count;
        if (epoch is null && _records.LastOrDefault(record => (string)record["type"]! != "event") is { } last) answer["last"] = last.DeepClone();
        return answer;
    }
}
