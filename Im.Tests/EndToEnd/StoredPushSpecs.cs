using System.Net;
using System.Text;
using System.Text.Json;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.EndToEnd;

/// <summary>Pushes of a back end over HTTP into a real store, and what the user's client sees of them.</summary>
public sealed class StoredPushSpecs : IAsyncLifetime
{
    private readonly TemporaryDirectory _data = new();
    private NodeFixture _node = null!;

    public async Task InitializeAsync() => _node = await StartAsync();

    public async Task DisposeAsync()
    {
        await _node.DisposeAsync();
        _data.Dispose();
    }

    [Fact]
    public async Task Should_be_there_at_the_next_login_when_the_node_was_restarted_meanwhile()
    {
        var stored = (await PushAsync("alice", """{"msg":"shipped","ext":{"order":17},"idempotencyKey":"order-17"}""")).Body;
        (StateOf(stored), stored.GetProperty("durability").GetString(), stored.GetProperty("mseq").GetInt64()).ShouldBe(("STORED", "disk", 1));
        await _node.DisposeAsync();
        _node = await StartAsync();

        await using var alice = await ChatSocket.ConnectAsync(_node.WebSocket);
        var inbox = InboxOf(await LogInAsync(alice, "alice"), "u:alice");
        var again = (await PushAsync("alice", """{"msg":"shipped","ext":{"order":17},"idempotencyKey":"order-17"}""")).Body;
        var conflict = await PushAsync("alice", """{"msg":"cancelled","idempotencyKey":"order-17"}""");

        inbox.GetProperty("head").GetInt64().ShouldBe(1);
        inbox.GetProperty("last").GetProperty("msg").GetString().ShouldBe("shipped");
        (inbox.GetProperty("last").GetProperty("mid").GetString(), inbox.GetProperty("epoch").GetString()).ShouldBe((stored.GetProperty("mid").GetString(), stored.GetProperty("epoch").GetString()));
        (again.GetProperty("dup").GetBoolean(), again.GetProperty("mid").GetString(), again.GetProperty("mseq").GetInt64()).ShouldBe((true, stored.GetProperty("mid").GetString(), 1));
        (conflict.Status, conflict.Body.GetProperty("code").GetInt32()).ShouldBe((HttpStatusCode.Conflict, 6));
    }

    [Fact]
    public async Task Should_say_written_then_acked_when_the_client_confirms()
    {
        await using var bob = await ChatSocket.ConnectAsync(_node.WebSocket);
        await LogInAsync(bob, "bob");

        var written = (await PushAsync("bob", """{"msg":"hello","waitFor":"WRITTEN"}""")).Body;
        await bob.ReceiveUntilAsync(frame => frame.Contains("\"hello\"", StringComparison.Ordinal));
        await bob.SendAsync("""{"cmd":"ack","data":{"acks":{"u:bob":1}}}""");
        var mid = written.GetProperty("mid").GetString();

        StateOf(written).ShouldBe("WRITTEN");
        await Until.TrueAsync(async () => StateOf((await SendAsync(HttpMethod.Get, $"/api/v1/apps/101/deliveries/{mid}")).Body) == "ACKED");
        var acking = PushAsync("bob", """{"msg":"again","waitFor":"ACKED","timeoutMs":20000}""");
        await bob.ReceiveUntilAsync(frame => frame.Contains("\"again\"", StringComparison.Ordinal));
        await bob.SendAsync("""{"cmd":"ack","data":{"acks":{"u:bob":2}}}""");
        StateOf((await acking).Body).ShouldBe("ACKED");
    }

    [Fact]
    public async Task Should_know_the_ack_when_it_is_asked_after_a_restart()
    {
        await using (var carol = await ChatSocket.ConnectAsync(_node.WebSocket))
        {
            await LogInAsync(carol, "carol");
            var acking = PushAsync("carol", """{"msg":"hello","waitFor":"ACKED","idempotencyKey":"k","timeoutMs":20000}""");
            await carol.ReceiveUntilAsync(frame => frame.Contains("\"hello\"", StringComparison.Ordinal));
            await carol.SendAsync("""{"cmd":"ack","data":{"acks":{"u:carol":1}}}""");
            await acking;
        }

        await _node.DisposeAsync();
        _node = await StartAsync();

        var again = (await PushAsync("carol", """{"msg":"hello","idempotencyKey":"k"}""")).Body;
        (again.GetProperty("dup").GetBoolean(), StateOf(again)).ShouldBe((true, "ACKED"));
        again.GetProperty("user").GetProperty("devices")[0].GetProperty("device").GetString().ShouldBe("device-of-carol");
    }

    [Fact]
    public async Task Should_never_say_acked_of_what_the_device_went_on_without_also_after_a_restart()
    {
        var pushes = new List<string>();
        for (var n = 1; n <= 3; n++) pushes.Add((await PushAsync("gina", $$"""{"msg":"push {{n}}"}""")).Body.GetProperty("mid").GetString()!);
        await using (var gina = await ChatSocket.ConnectAsync(_node.WebSocket))
        {
            await LogInAsync(gina, "gina");
            await gina.AskAsync("""{"seq":"2","cmd":"ack","data":{"skip":{"u:gina":2},"acks":{"u:gina":3}}}""");
        }

        await Until.TrueAsync(async () => await DeliveryAsync(pushes[2]) == "ACKED");
        (await DeliveryAsync(pushes[0]), await DeliveryAsync(pushes[1])).ShouldBe(("STORED", "STORED"));

        await _node.DisposeAsync();
        _node = await StartAsync();

        (await DeliveryAsync(pushes[0]), await DeliveryAsync(pushes[1]), await DeliveryAsync(pushes[2])).ShouldBe(("STORED", "STORED", "ACKED"));
    }

    [Fact]
    public async Task Should_be_a_tombstone_when_its_time_to_live_is_over()
    {
        await PushAsync("dora", """{"msg":"your taxi is here","ttlMs":1}""");
        await PushAsync("dora", """{"msg":"your receipt"}""");

        await Until.TrueAsync(async () =>
        {
            var messages = (await SendAsync(HttpMethod.Get, "/api/v1/apps/101/conversations/u%3Adora/messages")).Body.GetProperty("messages");
            return messages[0].GetProperty("recalled").GetBoolean() && messages[0].GetProperty("msg").GetString() == "" && messages[1].GetProperty("msg").GetString() == "your receipt";
        });
    }

    [Fact]
    public async Task Should_show_a_group_and_its_pushes_to_its_members()
    {
        var made = (await SendAsync(HttpMethod.Post, "/api/v1/apps/101/groups", """{"group":"team","name":"Team","owner":"erin","members":["finn"]}""")).Body;
        var pushed = (await SendAsync(HttpMethod.Post, "/api/v1/apps/101/conversations/g%3Ateam:push", """{"msg":"welcome"}""")).Body;
        var missing = await SendAsync(HttpMethod.Post, "/api/v1/apps/101/conversations/g%3Anone:push", """{"msg":"hello?"}""");

        await using var finn = await ChatSocket.ConnectAsync(_node.WebSocket);
        var group = InboxOf(await LogInAsync(finn, "finn"), "g:team");

        made.GetProperty("members").GetArrayLength().ShouldBe(2);
        (pushed.GetProperty("mseq").GetInt64(), missing.Status).ShouldBe((2, HttpStatusCode.NotFound));
        group.GetProperty("name").GetString().ShouldBe("Team");
        group.GetProperty("last").GetProperty("msg").GetString().ShouldBe("welcome");
    }

    private Task<NodeFixture> StartAsync() => NodeFixture.StartAsync($"--Im:DataDirectory={_data.Path}");

    private Task<(HttpStatusCode Status, JsonElement Body)> PushAsync(string user, string json) => SendAsync(HttpMethod.Post, $"/api/v1/apps/101/users/{user}:push", json);

    private async Task<string?> DeliveryAsync(string messageId) => StateOf((await SendAsync(HttpMethod.Get, $"/api/v1/apps/101/deliveries/{messageId}")).Body);

    private async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(HttpMethod method, string path, string? json = null)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(method, new Uri(_node.Http, path));
        request.Headers.Add("x-api-key", _node.ApiKey);
        if (json is not null) request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await client.SendAsync(request);
        return (response.StatusCode, JsonElement.Parse(await response.Content.ReadAsStringAsync()));
    }

    private static async Task<JsonElement> LogInAsync(ChatSocket socket, string user)
    {
        var reply = await socket.AskAsync($$$"""{"seq":"1","cmd":"login","data":{"v":2,"userId":"{{{user}}}","appId":101,"device":"device-of-{{{user}}}","platform":"web"}}""");
        return JsonElement.Parse(reply!).GetProperty("response").GetProperty("data");
    }

    private static JsonElement InboxOf(JsonElement login, string conversation) =>
        login.GetProperty("convs").EnumerateArray().Single(conv => conv.GetProperty("conv").GetString() == conversation);

    private static string? StateOf(JsonElement answer) => answer.GetProperty("user").GetProperty("state").GetString();
}
