using System.Text.Json.Nodes;
using Im.Client;
using Im.Client.Engine;
using Shouldly;

namespace Im.Tests.Client;

/// <summary>Notes what an engine does, in the words of the vectors.</summary>
internal sealed class VectorHost : IEngineHost
{
    private readonly List<(string Command, string? Seq, JsonNode? Data)> _unanswered = [];

    public IImClientStore Store { get; } = new MemoryClientStore();

    public Action<ImRecord> Taken { get; set; } = _ => { };

    public List<JsonObject> Sent { get; } = [];

    public List<JsonObject> Applied { get; } = [];

    public List<JsonObject> Done { get; } = [];

    public List<JsonNode> Heads { get; } = [];

    public Dictionary<string, long> Acked { get; } = [];

    public Dictionary<string, long> Skipped { get; } = [];

    public List<ImNotice> Notices { get; } = [];

    public int Connects { get; private set; }

    public string State { get; private set; } = "";

    /// <summary>Begins a new step.</summary>
    public void Forget()
    {
        Sent.Clear();
        Applied.Clear();
        Done.Clear();
        Heads.Clear();
        Connects = 0;
    }

    /// <summary>Takes the oldest unanswered request that matches.</summary>
    /// <returns>Its seq.</returns>
    public string Answer(string command, string? cid)
    {
        var index = _unanswered.FindIndex(request => request.Command == command && (cid is null || (string?)request.Data?["cid"] == cid));
        index.ShouldBeGreaterThanOrEqualTo(0, $"no {command} {cid} waits for an answer");
        var seq = _unanswered[index].Seq!;
        _unanswered.RemoveAt(index);
        return seq;
    }

    public static JsonObject Login(JsonObject given)
    {
        var data = JsonNode.Parse(
            """
            {"user":"alice","session":"s1","ts":1000,"hb":{"firstMs":3600000,"intervalMs":3600000,"timeoutMs":7200000},"limits":{"frame":65536,"text":16384},"convs":[]}
            """)!.AsObject();
        foreach (var (name, value) in given) data[name] = value?.DeepClone();
        return data;
    }

    public void Connect() => Connects++;

    public void Disconnect() => _unanswered.Clear();

    public void Transmit(byte[] json)
    {
        var frame = JsonNode.Parse(json)!.AsObject();
        var (command, data) = ((string)frame["cmd"]!, frame["data"]);
        if (command == "login") _unanswered.Clear();
        if (frame["seq"] is { } seq) _unanswered.Add((command, (string)seq!, data));
        if (command == "ack")
        {
            Note(Acked, data?["acks"]);
            Note(Skipped, data?["skip"]);
        }
        else if (command == "heartbeat")
        {
            Heads.Add(data?["heads"] ?? new JsonObject());
        }
        else
        {
            Sent.Add(frame);
        }
    }

    public void Apply(ImRecord record)
    {
        var entry = new JsonObject
        {
            ["conv"] = record.Conversation,
            ["epoch"] = record.Epoch,
            ["mseq"] = record.Mseq,
            ["mid"] = record.Mid,
            ["cid"] = record.Cid,
            ["type"] = record.Type,
            ["msg"] = record.Text,
            ["from"] = record.From,
            ["ext"] = record.Ext is { } ext ? JsonNode.Parse(ext.GetRawText()) : null,
            ["reset"] = record.IsReset,
        };
        if (record.Gap is { } gap) entry["gap"] = new JsonArray(gap.From, gap.To);
        Applied.Add(entry);
        Taken(record);
    }

    public void Notice(ImNotice notice) => Notices.Add(notice);

    public void Changed(ImStateChange change) => State = change.State.ToString().ToLowerInvariant();

    public void WantToken()
    {
    }

    private static void Note(Dictionary<string, long> numbers, JsonNode? told)
    {
        foreach (var (conversation, mseq) in told?.AsObject() ?? []) numbers[conversation] = Math.Max(numbers.GetValueOrDefault(conversation), (long)mseq!);
    }
}
