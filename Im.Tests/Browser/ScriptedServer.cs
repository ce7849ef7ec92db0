using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace Im.Tests.Browser;

/// <summary>
/// A chat server that a test plays, in place of the node's WebSocket: it keeps what it gets, and does on demand what a healthy node
/// does seldom, such as closing with a certain code, refusing, or staying silent. Its pages come from the node as ever.
/// </summary>
internal sealed class ScriptedServer
{
    private readonly Lock _lock = new();
    private readonly List<ScriptedConnection> _connections = [];
    private readonly Dictionary<string, ScriptedConversation> _conversations = [];
    private readonly Dictionary<string, Queue<int>> _refusals = [];

    /// <summary>Every command so far, in order.</summary>
    public List<(string User, string Cmd, JsonNode? Data)> Commands { get; } = [];

    /// <summary>New connections are closed with this at once; 0: they are welcome.</summary>
    public int Closed { get; set; }

    /// <summary>Takes commands and answers none but logins.</summary>
    public bool Silent { get; set; }

    /// <summary>A login is answered with this.</summary>
    public int LoginCode { get; set; } = 200;

    public IReadOnlyList<ScriptedConnection> Connections
    {
        get { lock (_lock) return [.. _connections]; }
    }

    public async Task ServeAsync(IBrowserContext context, string mode = "guest")
    {
        await context.RouteWebSocketAsync("**/acc", Accept);
        await context.RouteAsync("**/user/list*", route => route.FulfillAsync(new() { ContentType = "application/json", Body = ListOf(route.Request.Url) }));
        if (mode == "guest") return;
        await context.RouteAsync("**/config.json", async route =>
        {
            var answer = await route.FetchAsync();
            var config = JsonNode.Parse(await answer.TextAsync())!;
            config["mode"] = mode;
            await route.FulfillAsync(new() { Response = answer, Body = config.ToJsonString() });
        });
    }

    public ScriptedConversation Conversation(string id)
    {
        lock (_lock)
        {
            if (_conversations.TryGetValue(id, out var known)) return known;
            var made = _conversations[id] = new ScriptedConversation(id);
            if (id.StartsWith("p:", StringComparison.Ordinal)) foreach (var user in id[2..].Split('|')) made.Members[user] = "member";
            return made;
        }
    }

    /// <summary>How far the user has read, or 0.</summary>
    public int ReadMark(string id, string user)
    {
        lock (_lock) return Conversation(id).ReadMarks.GetValueOrDefault(user);
    }

    public ScriptedConversation? Find(string id)
    {
        lock (_lock) return _conversations.GetValueOrDefault(id);
    }

    public IReadOnlyList<ScriptedConversation> OwnOf(string user)
    {
        lock (_lock) return [.. _conversations.Values.Where(each => !each.Id.StartsWith("r:", StringComparison.Ordinal) && each.Members.ContainsKey(user))];
    }

    /// <summary>The next command of this name is refused with this code; once for each call.</summary>
    public void Refuse(string cmd, int code)
    {
        lock (_lock)
        {
            if (!_refusals.TryGetValue(cmd, out var queue)) _refusals[cmd] = queue = [];
            queue.Enqueue(code);
        }
    }

    public int? NextRefusal(string cmd)
    {
        lock (_lock) return _refusals.TryGetValue(cmd, out var queue) && queue.TryDequeue(out var code) ? code : null;
    }

    /// <summary>Somebody who has no page here says something.</summary>
    public JsonObject Say(string conv, string from, string text)
    {
        lock (_lock)
        {
            var (record, _) = Conversation(conv).Append(from, "text", text, Guid.NewGuid().ToString("N"));
            Publish(record, sender: null);
            return record;
        }
    }

    /// <summary>To all connections of the conversation's members but the sender's.</summary>
    public void Publish(JsonObject record, ScriptedConnection? sender)
    {
        var conv = Conversation((string)record["conv"]!);
        var cmd = (string)record["type"]! == "event" ? "event" : "msg";
        foreach (var each in Connections.Where(each => each != sender && Reads(each, conv))) each.Push(cmd, record.DeepClone(), (string)record["mid"]!);
    }

    public void PushTo(ScriptedConversation conv, ScriptedConnection? except, string cmd, JsonObject data)
    {
        foreach (var each in Connections.Where(each => each != except && Reads(each, conv))) each.Push(cmd, data.DeepClone());
    }

    public void Push(string cmd, JsonNode data)
    {
        foreach (var each in Connections) each.Push(cmd, data.DeepClone());
    }

    public Task CloseAsync(int code, string user = "") =>
        Task.WhenAll(Connections.Where(each => user == "" || each.User == user).Select(each => each.CloseAsync(code)));

    public void Record(ScriptedConnection connection, string cmd, JsonNode? data)
    {
        lock (_lock) Commands.Add((connection.User, cmd, data?.DeepClone()));
    }

    public IReadOnlyList<JsonNode?> DataOf(string cmd)
    {
        lock (_lock) return [.. Commands.Where(each => each.Cmd == cmd).Select(each => each.Data)];
    }

    public void Forget(ScriptedConnection connection)
    {
        lock (_lock)
        {
            _connections.Remove(connection);
            foreach (var conv in connection.Rooms.Select(Conversation))
            {
                if (Connections.Any(each => each.User == connection.User && each.Rooms.Contains(conv.Id))) continue;
                conv.Members.Remove(connection.User);
                PushTo(conv, connection, "exit", Comes(conv, connection.User));
            }
        }
    }

    public static JsonObject Comes(ScriptedConversation conv, string user) =>
        new() { ["target"] = "", ["type"] = "text", ["msg"] = "", ["from"] = user, ["conv"] = conv.Id };

    private static bool Reads(ScriptedConnection connection, ScriptedConversation conv) =>
        conv.Id.StartsWith("r:", StringComparison.Ordinal) ? connection.Rooms.Contains(conv.Id) : connection.User != "" && conv.Members.ContainsKey(connection.User);

    private void Accept(IWebSocketRoute socket)
    {
        if (Closed > 0)
        {
            _ = socket.CloseAsync(new() { Code = Closed });
            return;
        }

        var connection = new ScriptedConnection(this, socket);
        lock (_lock) _connections.Add(connection);
        socket.OnMessage(frame =>
        {
            lock (_lock) connection.Handle(JsonNode.Parse(frame.Text!)!);
        });
        socket.OnClose((_, _) => Forget(connection));
    }

    private string ListOf(string url)
    {
        var room = System.Web.HttpUtility.ParseQueryString(new Uri(url).Query)["room"];
        string[] names;
        lock (_lock) names = [.. Conversation(room is null ? "r:lobby" : $"r:{room}").Members.Keys];
        return new JsonObject { ["code"] = 200, ["data"] = new JsonObject { ["userCount"] = names.Length, ["userList"] = new JsonArray([.. names.Select(name => JsonValue.Create(name))]) } }.ToJsonString();
    }
}
