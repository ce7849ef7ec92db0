using System.Net.Http.Json;
using System.Text.Json;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.BadInput;

/// <summary>
/// A node with real sockets, and what the tables speak of. g:team: 1 created by alice with bob and dave, 2 alice, 3 bob, 4 dave muted, 5 alice, 6 recalls 5.
/// r:tea: 1 alice. p:alice|bob: 1 alice, 2 bob. r:secret and p:bob|carol are bob's. u:alice has one push. mallory has logged in and is in nothing.
/// </summary>
public sealed class CommandWorld : IAsyncLifetime
{
    private readonly Dictionary<string, ChatSocket> _sockets = [];
    private readonly List<string> _unasked = [];
    private readonly List<Received> _toldBob = [];
    private int _seq;

    public NodeFixture Node { get; private set; } = null!;

    /// <summary>What mallory has got besides replies.</summary>
    internal IReadOnlyList<string> UnaskedForMallory => _unasked;

    public async Task InitializeAsync()
    {
        // Some of them say nothing from their login to the end of a class.
        Node = await NodeFixture.StartAsync("--Im:WebSocket:HeartbeatTimeout=01:00:00", "--Im:WebSocket:SilenceTimeout=01:00:00");
        foreach (var user in new[] { "alice", "bob", "dave", "mallory" }) _sockets[user] = await LogInAsync(user);
        _sockets["nobody"] = await ChatSocket.ConnectAsync(Node.WebSocket);

        await DoAsync("alice", "group", """{"op":"create","conv":"g:team","name":"Team","users":["bob","dave"]}""");
        await DoAsync("alice", "msg", """{"conv":"g:team","cid":"taken","msg":"one"}""");
        await DoAsync("bob", "msg", """{"conv":"g:team","msg":"two"}""");
        await DoAsync("alice", "group", """{"op":"role","conv":"g:team","users":["dave"],"role":"muted"}""");
        await DoAsync("alice", "msg", """{"conv":"g:team","msg":"three"}""");
        await DoAsync("alice", "recall", """{"conv":"g:team","mseq":5}""");
        foreach (var user in new[] { "alice", "bob" }) await DoAsync(user, "join", """{"conv":"r:tea"}""");
        await DoAsync("alice", "msg", """{"conv":"r:tea","msg":"one"}""");
        await DoAsync("alice", "msg", """{"conv":"p:alice|bob","msg":"one"}""");
        await DoAsync("bob", "msg", """{"conv":"p:alice|bob","msg":"two"}""");
        await DoAsync("bob", "msg", """{"conv":"p:bob|carol","msg":"one"}""");
        await DoAsync("bob", "join", """{"conv":"r:secret"}""");
        await DoAsync("bob", "msg", """{"conv":"r:secret","msg":"one"}""");
        using var http = new HttpClient { BaseAddress = Node.Http, DefaultRequestHeaders = { { "x-api-key", Node.ApiKey } } };
        (await http.PostAsJsonAsync("api/v1/apps/101/users/alice:push", new { msg = "one" })).EnsureSuccessStatusCode();
        foreach (var (conversation, mseq) in new[] { ("g:team", 6), ("r:tea", 1), ("p:alice|bob", 1) }) await BobIsToldAsync(conversation, mseq);
        foreach (var user in new[] { "bob", "mallory" }) await _sockets[user].DrainAsync();
    }

    public async Task DisposeAsync()
    {
        foreach (var socket in _sockets.Values) await socket.DisposeAsync();
        await Node.DisposeAsync();
    }

    internal async Task<ChatSocket> LogInAsync(string user)
    {
        var socket = await ChatSocket.ConnectAsync(Node.WebSocket);
        var reply = await socket.AskAsync($$$"""{"seq":"login","cmd":"login","data":{"v":2,"userId":"{{{user}}}","appId":101,"device":"device-{{{user}}}","platform":"web"}}""");
        new Received(reply!).Code.ShouldBe(200);
        return socket;
    }

    /// <summary>Sends a command and reads up to its reply.</summary>
    internal Task<Received> AskAsync(string who, string command, string data)
    {
        var seq = $"q{++_seq}";
        return SendAsync(who, $$"""{"seq":"{{seq}}","cmd":"{{command}}","data":{{data}}}""", reply => reply.Seq == seq);
    }

    /// <summary>Sends a frame as it is and reads up to the reply that is meant.</summary>
    internal async Task<Received> SendAsync(string who, string frame, Func<Received, bool> isReply)
    {
        var socket = _sockets[who];
        await socket.SendAsync(frame);
        while (await socket.ReceiveAsync() is { } text)
        {
            var received = new Received(text);
            if (isReply(received)) return received;
            if (who == "mallory") _unasked.Add(text);
            if (who == "bob") _toldBob.Add(received);
        }

        throw new ShouldAssertException($"The connection of {who} was closed after {frame}");
    }

    /// <summary>Everything that a user has got and not read.</summary>
    internal Task<IReadOnlyList<string>> DrainAsync(string who) => _sockets[who].DrainAsync();

    internal Task<string> NextAsync(string who, Func<string, bool> awaited) => _sockets[who].ReceiveUntilAsync(awaited);

    /// <summary>A record of another comes on its own, maybe after the answers to what bob asked later.</summary>
    private async Task BobIsToldAsync(string conversation, long mseq)
    {
        while (!_toldBob.Exists(told => told.IsPush && Member(told, "conv")?.GetString() == conversation && Member(told, "mseq")?.GetInt64() == mseq))
            _toldBob.Add(new Received(await NextAsync("bob", _ => true)));
    }

    private static JsonElement? Member(Received told, string name) => told.Data.ValueKind == JsonValueKind.Object && told.Data.TryGetProperty(name, out var value) ? value : null;

    private async Task DoAsync(string who, string command, string data)
    {
        var reply = await AskAsync(who, command, data);
        reply.Code.ShouldBe(200, reply.Text);
    }
}
