using System.Globalization;
using System.Text.Json.Nodes;
using Im.Client;
using Im.Client.Engine;
using Shouldly;

namespace Im.Tests.Client;

/// <summary>Plays one vector against an engine, with a clock that only the vector moves.</summary>
internal sealed class VectorPlayer
{
    private readonly JsonObject _vector;
    private readonly VectorHost _host = new();
    private readonly ClientEngine _engine;
    private long _now = 1_000_000;

    public VectorPlayer(string json)
    {
        _vector = JsonNode.Parse(json)!.AsObject();
        var client = _vector["client"]?.AsObject() ?? [];
        var random = (double?)client["random"] ?? 0.5;
        _engine = new ClientEngine(_host, new EngineSettings(
            (uint?)client["app"] ?? 101,
            (string?)client["user"] ?? "alice",
            (string?)client["device"] ?? "device-0001",
            (string?)client["platform"] ?? "web",
            MaxQueued: 1000,
            MaxUnanswered: 64,
            RequestTimeoutMs: 30_000,
            ConnectTimeoutMs: 10_000,
            HasTokens: false,
            TellsPushes: false,
            () => _now,
            () => random));
        _host.Taken = record => _engine.OnTaken(record.Conversation, record.Epoch, record.Mseq, _now);
        _engine.Start(Kept(client), Finished, _now);
    }

    public void Play()
    {
        // The attempt that the client begins with belongs to no step.
        _host.Connects.ShouldBe(1);
        _host.Forget();
        var number = 0;
        foreach (var step in _vector["steps"]!.AsArray())
        {
            number++;
            Do(step!.AsObject());
            VectorChecks.Check(step.AsObject(), _host, $"step {number}: {step.ToJsonString()}");
            _host.Forget();
        }
    }

    private static ImClientSnapshot Kept(JsonObject client)
    {
        var cursors = (client["cursors"]?.AsObject() ?? []).ToDictionary(entry => entry.Key, entry => new ImCursor((string)entry.Value![0]!, (long)entry.Value[1]!));
        var queue = (client["queue"]?.AsArray() ?? []).Select(entry => new ImQueuedCommand((string)entry!["cid"]!, "msg", (string)entry["conv"]!, entry.ToJsonString(), 0));
        return new ImClientSnapshot(cursors, [.. queue]);
    }

    private void Do(JsonObject step)
    {
        switch (step.First())
        {
            case ("connect", var how):
                if ((string)how! == "ok") _engine.OnOpened(null, _now);
                else _engine.OnConnectFailed("no answer", _now);
                break;
            case ("login", var data): Answer("login", null, 200, VectorHost.Login(data!.AsObject())); break;
            case ("refuse", var refusal): Answer("login", null, (int)refusal!["code"]!, null); break;
            case ("reply", var reply): Answer((string)reply!["cmd"]!, (string?)reply["cid"], (int?)reply["code"] ?? 200, reply["data"]); break;
            case ("push", var push): Push(push!.AsObject()); break;
            case ("wait", var milliseconds): Wait((long)milliseconds!); break;
            case ("close", var code): _engine.OnClosed((int)code!, null, _now); break;
            case ("call", var call): Call(call!.AsObject()); break;
            case var (unknown, _): throw new InvalidOperationException($"'{unknown}' is no step.");
        }
    }

    private void Answer(string command, string? cid, int code, JsonNode? data)
    {
        var seq = _host.Answer(command, cid);
        Hear(new JsonObject
        {
            ["seq"] = seq,
            ["cmd"] = command,
            ["response"] = new JsonObject { ["code"] = code, ["codeMsg"] = "", ["data"] = data?.DeepClone() },
        });
    }

    private void Push(JsonObject push)
    {
        for (var i = 0; i < ((int?)push["count"] ?? 1); i++)
        {
            var data = push["data"]!.DeepClone().AsObject();
            if (data["mseq"] is { } mseq) data["mseq"] = (long)mseq + i;
            Hear(new JsonObject
            {
                ["seq"] = (string?)data["mid"] ?? "m",
                ["cmd"] = push["cmd"]!.DeepClone(),
                ["response"] = new JsonObject { ["code"] = 200, ["codeMsg"] = "Ok", ["data"] = data },
            });
        }
    }

    private void Hear(JsonObject message) => _engine.OnMessage(System.Text.Json.JsonElement.Parse(message.ToJsonString()), _now);

    private void Wait(long milliseconds)
    {
        var end = _now + milliseconds;
        while (_engine.NextDue() <= end)
        {
            _now = Math.Max(_now, _engine.NextDue());
            _engine.Tick(_now);
        }
        _now = end;
    }

    private void Call(JsonObject call)
    {
        var conversation = (string)call["conv"]!;
        var cid = (string?)call["cid"];
        ImContent Content() => new((string?)call["msg"] ?? "", (string?)call["type"] ?? "text");
        switch ((string)call["do"]!)
        {
            case "send":
                var times = (int?)call["times"];
                for (var i = 1; i <= (times ?? 1); i++)
                {
                    var id = times is null ? cid! : cid + i.ToString(CultureInfo.InvariantCulture);
                    Store("msg", conversation, id, Commands.Message(conversation, Content(), id));
                }
                break;
            case "edit": Store("edit", conversation, cid!, Commands.Amend(conversation, (long)call["mseq"]!, (string)call["msg"]!, cid!)); break;
            case "recall": Store("recall", conversation, cid!, Commands.Amend(conversation, (long)call["mseq"]!, null, cid!)); break;
            case "ephemeral": _engine.Call(new Call("msg", Commands.Ephemeral(conversation, Content()), true, (_, _) => { }), _now); break;
            case "join": _engine.Join(conversation, (_, _) => { }, _now); break;
            case "leave": _engine.Leave(conversation, (_, _) => { }, _now); break;
            case var unknown: throw new InvalidOperationException($"'{unknown}' is no call.");
        }
    }

    private void Store(string command, string conversation, string cid, byte[] data) =>
        _engine.TrySend(new OutboxEntry(new ImQueuedCommand(cid, command, conversation, System.Text.Encoding.UTF8.GetString(data), 0), data, Finished), _now).ShouldBeTrue();

    private void Finished(OutboxEntry entry, Reply? reply)
    {
        if (reply is null) return;
        _host.Done.Add(reply.IsSuccess
            ? new JsonObject { ["cid"] = entry.Cid, ["mseq"] = reply.Data.Number("mseq") }
            : new JsonObject { ["cid"] = entry.Cid, ["code"] = (int)reply.Code });
    }
}
