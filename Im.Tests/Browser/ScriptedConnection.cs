using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace Im.Tests.Browser;

/// <summary>One page's connection to a <see cref="ScriptedServer"/>: what each command does and answers.</summary>
internal sealed class ScriptedConnection(ScriptedServer server, IWebSocketRoute socket)
{
    public string User { get; private set; } = "";

    public string Device { get; private set; } = "";

    public HashSet<string> Rooms { get; } = [];

    public Task CloseAsync(int code)
    {
        server.Forget(this);
        return socket.CloseAsync(new() { Code = code });
    }

    public void Push(string cmd, JsonNode data, string seq = "push") => Send(seq, cmd, 200, data);

    public void Handle(JsonNode frame)
    {
        var (seq, cmd, data) = ((string?)frame["seq"] ?? "", (string)frame["cmd"]!, frame["data"] as JsonObject ?? []);
        server.Record(this, cmd, data);
        if (server.Silent && cmd != "login") return;
        if (server.NextRefusal(cmd) is { } code) Send(seq, cmd, code, new JsonObject { ["temporary"] = code is 1015 or 1016 or 1017 });
        else Answer(seq, cmd, data);
    }

    private void Answer(string seq, string cmd, JsonObject data)
    {
        var (code, answer) = cmd switch
        {
            "login" => Login(data),
            "join" => Join(data),
            "leave" => Leave(data),
            "msg" => Message(data),
            "edit" => Change(data, recall: false),
            "recall" => Change(data, recall: true),
            "history" => History(data),
            "sync" => (200, new JsonObject { ["convs"] = CatchUps((JsonObject)data["cursors"]!) }),
            "read" => Read(data),
            "typing" => Typing(data),
            "watch" => Watch(data),
            "group" => Group(data),
            _ => (200, null),
        };
        if (seq != "") Send(seq, cmd, code, answer);
        if (cmd == "msg" && code == 200 && !(bool)answer!["dup"]!) server.Publish(Of(data).Records[(int)answer["mseq"]! - 1], this);
    }

    private (int Code, JsonNode? Answer) Login(JsonObject data)
    {
        if (server.LoginCode != 200) return (server.LoginCode, null);
        User = (string?)data["userId"] ?? SubjectOf((string)data["serviceToken"]!);
        Device = (string)data["device"]!;
        var cursors = (JsonObject)data["cursors"]!;
        foreach (var room in cursors.Select(cursor => cursor.Key).Where(key => key.StartsWith("r:", StringComparison.Ordinal))) Enter(server.Conversation(room));
        var convs = CatchUps(cursors);
        foreach (var own in server.OwnOf(User).Where(own => !cursors.ContainsKey(own.Id))) convs.Add(own.CatchUp(User, null, 0));
        return (200, new JsonObject { ["user"] = User, ["session"] = "s1", ["ts"] = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), ["convs"] = convs });
    }

    private JsonArray CatchUps(JsonObject cursors) => new([.. cursors.Select(cursor => server.Find(cursor.Key) is { } conv
        ? conv.CatchUp(User, (string)cursor.Value![0]!, (int)cursor.Value[1]!)
        : new JsonObject { ["conv"] = cursor.Key, ["code"] = 1027 })]);

    private (int Code, JsonNode? Answer) Join(JsonObject data)
    {
        var conv = Of(data);
        Enter(conv);
        return (200, new JsonObject { ["conv"] = conv.Id, ["epoch"] = conv.Epoch, ["first"] = conv.First, ["head"] = conv.Head, ["members"] = conv.Members.Count });
    }

    private void Enter(ScriptedConversation conv)
    {
        if (!Rooms.Add(conv.Id) || !conv.Members.TryAdd(User, "member")) return;
        server.PushTo(conv, this, "enter", ScriptedServer.Comes(conv, User));
    }

    private (int Code, JsonNode? Answer) Leave(JsonObject data)
    {
        var conv = Of(data);
        if (Rooms.Remove(conv.Id) && conv.Members.Remove(User)) server.PushTo(conv, this, "exit", ScriptedServer.Comes(conv, User));
        return (200, null);
    }

    private (int Code, JsonNode? Answer) Message(JsonObject data)
    {
        var conv = Of(data);
        var isRoom = conv.Id.StartsWith("r:", StringComparison.Ordinal);
        if (isRoom ? !Rooms.Contains(conv.Id) : !conv.Members.ContainsKey(User)) return (1020, null);
        var (record, duplicate) = conv.Append(User, (string?)data["type"] ?? "text", (string)data["msg"]!, (string)data["cid"]!, data["ext"]);
        return (200, Placed(record, duplicate));
    }

    private (int Code, JsonNode? Answer) Change(JsonObject data, bool recall)
    {
        var (conv, mseq) = (Of(data), (int)data["mseq"]!);
        if (conv.Records.Count < mseq || (string)conv.Records[mseq - 1]["from"]! != User) return (1013, null);
        var text = recall ? "" : (string)data["msg"]!;
        var (record, duplicate) = conv.Append(User, "event", text, (string)data["cid"]!, new JsonObject { ["op"] = recall ? "recall" : "edit", ["mseq"] = mseq });
        if (!duplicate) conv.Change(mseq, text, (int)record["mseq"]!, recall);
        if (!duplicate) server.Publish(record, this);
        return (200, Placed(record, duplicate));
    }

    private static JsonObject Placed(JsonObject record, bool duplicate) => new()
    {
        ["mid"] = (string)record["mid"]!, ["conv"] = (string)record["conv"]!, ["epoch"] = (string)record["epoch"]!, ["mseq"] = (int)record["mseq"]!,
        ["ts"] = (long)record["ts"]!, ["dup"] = duplicate, ["d"] = "disk",
    };

    private (int Code, JsonNode? Answer) History(JsonObject data)
    {
        var conv = Of(data);
        var (after, before) = ((int?)data["after"], (int?)data["before"] ?? int.MaxValue);
        if (before < conv.First) return (1023, new JsonObject { ["temporary"] = false, ["field"] = "before", ["first"] = conv.First });
        var msgs = conv.Range(after ?? 0, before, (int?)data["limit"] ?? 50, newest: after is null);
        return (200, new JsonObject { ["conv"] = conv.Id, ["epoch"] = conv.Epoch, ["first"] = conv.First, ["head"] = conv.Head, ["msgs"] = msgs });
    }

    private (int Code, JsonNode? Answer) Read(JsonObject data)
    {
        var conv = Of(data);
        var mark = conv.ReadMarks[User] = Math.Max(conv.ReadMarks.GetValueOrDefault(User), Math.Min((int)data["mseq"]!, conv.Head));
        foreach (var own in server.Connections.Where(each => each != this && each.User == User)) own.Push("read", new JsonObject { ["conv"] = conv.Id, ["mseq"] = mark });
        if (!conv.Id.StartsWith("r:", StringComparison.Ordinal))
        {
            foreach (var other in server.Connections.Where(each => each.User != User && conv.Members.ContainsKey(each.User)))
            {
                other.Push("receipt", new JsonObject { ["conv"] = conv.Id, ["user"] = User, ["delivered"] = conv.Head, ["read"] = mark });
            }
        }

        return (200, new JsonObject { ["conv"] = conv.Id, ["read"] = mark });
    }

    private (int Code, JsonNode? Answer) Typing(JsonObject data)
    {
        server.PushTo(Of(data), this, "typing", new JsonObject { ["conv"] = (string)data["conv"]!, ["user"] = User, ["state"] = (string)data["state"]! });
        return (200, null);
    }

    private (int Code, JsonNode? Answer) Watch(JsonObject data) => (200, new JsonObject
    {
        ["users"] = new JsonArray([.. ((JsonArray)data["users"]!).Select(user => new JsonObject
        {
            ["user"] = (string)user!, ["state"] = server.Connections.Any(each => each.User == (string)user!) ? "online" : "offline", ["platforms"] = new JsonArray("web"),
        })]),
    });

    private (int Code, JsonNode? Answer) Group(JsonObject data)
    {
        var op = (string)data["op"]!;
        var conv = op == "create" ? server.Conversation($"g:{Guid.NewGuid():N}") : Of(data);
        var users = (data["users"] as JsonArray ?? []).Select(user => (string)user!).ToArray();
        if (op == "create") conv.Members[User] = "owner";
        if (op == "create") conv.Name = (string)data["name"]!;
        if (op is "create" or "add") foreach (var user in users) conv.Members.TryAdd(user, "member");
        if (op != "get")
        {
            var ext = new JsonObject { ["op"] = op, ["users"] = new JsonArray([.. users.Select(user => JsonValue.Create(user))]) };
            if (conv.Name is not null) ext["name"] = conv.Name;
            server.Publish(conv.Append(User, "event", "", (string)data["cid"]!, ext).Record, this);
        }

        if (op == "leave") conv.Members.Remove(User);
        var members = new JsonArray([.. conv.Members.Select(member => new JsonObject { ["user"] = member.Key, ["role"] = member.Value })]);
        return (200, new JsonObject { ["conv"] = conv.Id, ["name"] = conv.Name, ["members"] = members, ["mseq"] = conv.Head });
    }

    private ScriptedConversation Of(JsonObject data) => server.Conversation((string)data["conv"]!);

    private void Send(string seq, string cmd, int code, JsonNode? data) =>
        socket.Send(new JsonObject { ["seq"] = seq, ["cmd"] = cmd, ["response"] = new JsonObject { ["code"] = code, ["codeMsg"] = "", ["data"] = data?.DeepClone() } }.ToJsonString());

    private static string SubjectOf(string token)
    {
        var payload = token.Split('.')[1].Replace('-', '+').Replace('_', '/');
        var bytes = Convert.FromBase64String(payload.PadRight(payload.Length + ((4 - (payload.Length % 4)) % 4), '='));
        return (string)JsonNode.Parse(bytes)!["sub"]!;
    }
}
