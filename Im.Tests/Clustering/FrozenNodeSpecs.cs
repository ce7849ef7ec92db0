using Im.Node.Configuration;
using Im.Tests.Storage;
using Im.Tests.Storage.Postgres;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Clustering;

/// <summary>A real process that is frozen until others have taken its place, and wakes with senders on its old sockets (F8).</summary>
[NeedsPostgres]
[Collection(PostgresCollection.Name)]
public sealed class FrozenNodeSpecs(PostgresServer server)
{
    private const string Plain = "--Im:Cluster:Tls:Mode=off";

    private static readonly string[] Conversations = [.. Enumerable.Range(0, 24).Select(i => $"p:ann|ben-{i}")];

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(90);

    [StoreFact]
    public async Task Should_answer_nothing_and_end_and_come_back_when_it_was_replaced_while_it_was_frozen()
    {
        await using var cluster = await ClusterProcesses.StartAsync(server, 3, Plain);
        var frozen = cluster[2];
        await using var here = await LogInAsync(frozen, "device-here");
        foreach (var conversation in Conversations) (await SendAsync(here, conversation, "before")).Code.ShouldBe(200);

        frozen.Signal(NodeProcess.SigStop);
        await using var there = await LogInWhenServedAsync(cluster[0], "device-there");
        foreach (var conversation in Conversations) await SendUntilStoredAsync(there, conversation, "meanwhile", 2);
        foreach (var conversation in Conversations) await here.SendAsync(Message(conversation, "late"));
        frozen.Signal(NodeProcess.SigContinue);

        var answered = new List<string>();
        while (await here.ReceiveAsync() is { } frame)
        {
            if (frame.StartsWith("""{"seq":"late""", StringComparison.Ordinal)) answered.Add(frame);
        }

        answered.ShouldBeEmpty();
        (await frozen.WaitForExitAsync()).ShouldBe(ExitCodes.Downed);
        foreach (var conversation in Conversations) await SendUntilStoredAsync(there, conversation, "after", 3);
        await cluster.StartNodeAsync(2);
        await frozen.DisposeAsync();
    }

    /// <summary>Shorter than it takes to be replaced: it goes on, and what was sent to it meanwhile is answered.</summary>
    [StoreFact]
    public async Task Should_go_on_when_it_was_frozen_for_less_than_others_wait()
    {
        await using var cluster = await ClusterProcesses.StartAsync(server, 3, Plain);
        var frozen = cluster[2];
        await using var here = await LogInAsync(frozen, "device-here");
        foreach (var conversation in Conversations) (await SendAsync(here, conversation, "before")).Code.ShouldBe(200);

        frozen.Signal(NodeProcess.SigStop);
        foreach (var conversation in Conversations) await here.SendAsync(Message(conversation, "late"));
        (await frozen.IsAliveAfterAsync(TimeSpan.FromSeconds(5))).ShouldBeTrue();
        frozen.Signal(NodeProcess.SigContinue);

        foreach (var conversation in Conversations) await SendUntilStoredAsync(here, conversation, "late", 2);
        using var http = new HttpClient();
        await Until.TrueAsync(async () => (await http.GetAsync(new Uri(frozen.BannerLine("Health")))).IsSuccessStatusCode, patience: Bound);
        (await http.GetStringAsync(new Uri(frozen.BannerLine("Metrics")))).ShouldContain("im_gate_closures_total");
    }

    private static async Task<ChatSocket> LogInAsync(NodeProcess node, string device)
    {
        var socket = await ChatSocket.ConnectAsync(new Uri(node.BannerLine("WebSocket")));
        new Received((await socket.AskAsync(Login(device)))!).Code.ShouldBe(200);
        return socket;
    }

    /// <summary>The session may be on the frozen node: then a login is answered once another has it.</summary>
    private static async Task<ChatSocket> LogInWhenServedAsync(NodeProcess node, string device)
    {
        ChatSocket? found = null;
        await Until.TrueAsync(
            async () =>
            {
                var socket = await ChatSocket.ConnectAsync(new Uri(node.BannerLine("WebSocket")));
                if (await socket.AskAsync(Login(device)) is { } reply && new Received(reply).Code == 200)
                {
                    found = socket;
                    return true;
                }

                await socket.DisposeAsync();
                return false;
            },
            patience: Bound);
        return found!;
    }

    private static async Task<Received> SendAsync(ChatSocket socket, string conversation, string cid)
    {
        var message = Message(conversation, cid);
        await socket.SendAsync(message);
        return new Received(await socket.ReceiveUntilAsync(frame => frame.StartsWith($$"""{"seq":"{{cid}}-{{conversation}}""", StringComparison.Ordinal)));
    }

    /// <summary>Again with its cid until it is answered for good.</summary>
    private static Task SendUntilStoredAsync(ChatSocket socket, string conversation, string cid, long mseq) => Until.TrueAsync(
        async () =>
        {
            var reply = await SendAsync(socket, conversation, cid);
            if (reply.Code != 200) return false;
            reply.Data.GetProperty("mseq").GetInt64().ShouldBe(mseq, conversation);
            return true;
        },
        patience: Bound);

    private static string Login(string device) =>
        $$$"""{"seq":"login","cmd":"login","data":{"v":2,"userId":"ann","appId":101,"device":"{{{device}}}","platform":"web"}}""";

    private static string Message(string conversation, string cid) =>
        $$$"""{"seq":"{{{cid}}}-{{{conversation}}}","cmd":"msg","data":{"conv":"{{{conversation}}}","type":"text","msg":"{{{cid}}}","cid":"{{{cid}}}"}}""";
}
