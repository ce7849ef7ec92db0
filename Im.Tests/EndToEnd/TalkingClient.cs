using System.Text.Json;
using Im.Tests.Support;
using Shouldly;

namespace Im.Tests.EndToEnd;

/// <summary>A level 2 client in one room that sends and asks, one command at a time, and takes no notice of pushes.</summary>
internal sealed class TalkingClient : IAsyncDisposable
{
    private readonly string _room;
    private ChatSocket _socket = null!;
    private int _asked;

    private TalkingClient(string room) => _room = room;

    public static async Task<TalkingClient> JoinAsync(Uri address, string user, string room)
    {
        var client = new TalkingClient(room) { _socket = await ChatSocket.ConnectAsync(address) };
        (await client.AskAsync("login", $$"""{"v":2,"userId":"{{user}}","appId":101,"device":"device-of-{{user}}","platform":"web"}""")).Code.ShouldBe(200);
        (await client.AskAsync("join", $$"""{"conv":"{{room}}"}""")).Code.ShouldBe(200);
        return client;
    }

    /// <returns>The reply's code.</returns>
    public async Task<int> SendAsync(string cid, string text) =>
        (await AskAsync("msg", $$"""{"conv":"{{_room}}","cid":"{{cid}}","type":"text","msg":"{{text}}"}""")).Code;

    /// <summary>Sends until it is taken, always with the same cid.</summary>
    public async Task SendUntilStoredAsync(string cid, string text)
    {
        await Until.TrueAsync(async () => await SendAsync(cid, text) == 200, () => $"{cid} was not stored");
    }

    /// <summary>The cids of all records, oldest first; asks again while it is told to.</summary>
    public async Task<IReadOnlyList<string>> HistoryAsync()
    {
        var cids = new List<string>();
        for (var after = 0L; ;)
        {
            var page = default((int Code, JsonElement Data));
            await Until.TrueAsync(async () => (page = await AskAsync("history", $$"""{"conv":"{{_room}}","after":{{after}},"limit":200}""")).Code != 1016);
            page.Code.ShouldBe(200);
            var records = page.Data.GetProperty("msgs").EnumerateArray().ToArray();
            if (records.Length == 0) return cids;
            foreach (var record in records)
            {
                if (record.TryGetProperty("cid", out var cid)) cids.Add(cid.GetString()!);
                record.GetProperty("mseq").GetInt64().ShouldBe(++after);
            }
        }
    }

    public async Task<int> HeartbeatAsync() => (await AskAsync("heartbeat", "{}")).Code;

    public ValueTask DisposeAsync() => _socket.DisposeAsync();

    /// <summary>The seq of the last command.</summary>
    public string LastSeq => $"ask-{_asked}";

    private async Task<(int Code, JsonElement Data)> AskAsync(string command, string data)
    {
        _asked++;
        await _socket.SendAsync($$"""{"seq":"{{LastSeq}}","cmd":"{{command}}","data":{{data}}}""");
        var frame = await _socket.ReceiveUntilAsync(text => text.Contains($"\"seq\":\"{LastSeq}\"", StringComparison.Ordinal));
        using var reply = JsonDocument.Parse(frame);
        var response = reply.RootElement.GetProperty("response");
        return (response.GetProperty("code").GetInt32(), response.GetProperty("data").Clone());
    }
}
