using System.Text.Json;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.BadInput;

/// <summary>Every command of level 2 with what is wrong in it, on a real node: the code that docs/protocol.md names, and nothing else happens.</summary>
public sealed class CommandInputSpecs(CommandWorld world) : IClassFixture<CommandWorld>
{
    private static readonly (string Command, Func<CommandTable> Table)[] Tables =
    [
        ("msg", () => MessageTables.Msg), ("edit", () => MessageTables.Edit), ("recall", () => MessageTables.Recall), ("group", () => MessageTables.Group),
        ("join", () => ReadingTables.Join), ("leave", () => ReadingTables.Leave), ("history", () => ReadingTables.History), ("read", () => ReadingTables.Read),
        ("ack", () => ReadingTables.Ack), ("sync", () => ReadingTables.Sync), ("typing", () => ReadingTables.Typing), ("watch", () => ReadingTables.Watch),
        ("convs", () => ReadingTables.Convs), ("heartbeat", () => ReadingTables.Heartbeat),
    ];

    [Theory, MemberData(nameof(MessageTables.Msg), MemberType = typeof(MessageTables))]
    public Task Should_say_what_is_wrong_with_a_msg(string who, string data, int code, string? field) => CheckAsync(who, "msg", data, code, field);

    [Theory, MemberData(nameof(MessageTables.Edit), MemberType = typeof(MessageTables))]
    public Task Should_say_what_is_wrong_with_an_edit(string who, string data, int code, string? field) => CheckAsync(who, "edit", data, code, field);

    [Theory, MemberData(nameof(MessageTables.Recall), MemberType = typeof(MessageTables))]
    public Task Should_say_what_is_wrong_with_a_recall(string who, string data, int code, string? field) => CheckAsync(who, "recall", data, code, field);

    [Theory, MemberData(nameof(MessageTables.Group), MemberType = typeof(MessageTables))]
    public Task Should_say_what_is_wrong_with_a_group(string who, string data, int code, string? field) => CheckAsync(who, "group", data, code, field);

    [Theory, MemberData(nameof(ReadingTables.Join), MemberType = typeof(ReadingTables))]
    public Task Should_say_what_is_wrong_with_a_join(string who, string data, int code, string? field) => CheckAsync(who, "join", data, code, field);

    [Theory, MemberData(nameof(ReadingTables.Leave), MemberType = typeof(ReadingTables))]
    public Task Should_say_what_is_wrong_with_a_leave(string who, string data, int code, string? field) => CheckAsync(who, "leave", data, code, field);

    [Theory, MemberData(nameof(ReadingTables.History), MemberType = typeof(ReadingTables))]
    public Task Should_say_what_is_wrong_with_a_history(string who, string data, int code, string? field) => CheckAsync(who, "history", data, code, field);

    [Theory, MemberData(nameof(ReadingTables.Read), MemberType = typeof(ReadingTables))]
    public Task Should_say_what_is_wrong_with_a_read(string who, string data, int code, string? field) => CheckAsync(who, "read", data, code, field);

    [Theory, MemberData(nameof(ReadingTables.Ack), MemberType = typeof(ReadingTables))]
    public Task Should_say_what_is_wrong_with_an_ack(string who, string data, int code, string? field) => CheckAsync(who, "ack", data, code, field);

    [Theory, MemberData(nameof(ReadingTables.Sync), MemberType = typeof(ReadingTables))]
    public Task Should_say_what_is_wrong_with_a_sync(string who, string data, int code, string? field) => CheckAsync(who, "sync", data, code, field);

    [Theory, MemberData(nameof(ReadingTables.Typing), MemberType = typeof(ReadingTables))]
    public Task Should_say_what_is_wrong_with_a_typing(string who, string data, int code, string? field) => CheckAsync(who, "typing", data, code, field);

    [Theory, MemberData(nameof(ReadingTables.Watch), MemberType = typeof(ReadingTables))]
    public Task Should_say_what_is_wrong_with_a_watch(string who, string data, int code, string? field) => CheckAsync(who, "watch", data, code, field);

    [Theory, MemberData(nameof(ReadingTables.Convs), MemberType = typeof(ReadingTables))]
    public Task Should_say_what_is_wrong_with_a_convs(string who, string data, int code, string? field) => CheckAsync(who, "convs", data, code, field);

    [Theory, MemberData(nameof(ReadingTables.Heartbeat), MemberType = typeof(ReadingTables))]
    public Task Should_say_what_is_wrong_with_a_heartbeat(string who, string data, int code, string? field) => CheckAsync(who, "heartbeat", data, code, field);

    [Theory]
    [InlineData("no json")]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("\"ping\"")]
    [InlineData("{")]
    [InlineData("{\"seq\":\"a\",\"cmd\":\"ping\"")]
    [InlineData("{\"seq\":7,\"cmd\":\"ping\"}")]
    [InlineData("{\"seq\":\"a\",\"cmd\":[\"ping\"]}")]
    [InlineData("{\"seq\":\"a\",\"cmd\":\"ping\"} {}")]
    [InlineData("{\"seq\":\"a\",\"cmd\":\"ping\",}")]
    [InlineData("{'seq':'a','cmd':'ping'}")]
    [InlineData("{\"seq\":\"a\",\"cmd\":\"ping\",\"data\":NaN}")]
    [InlineData("{\"seq\":\"a\",\"cmd\":\"ping\",\"data\":01}")]
    [InlineData("{\"seq\":\"\\ud800\",\"cmd\":\"ping\"}")]
    [InlineData("<ping/>")]
    [InlineData("deep")]
    [InlineData("deeper")]
    public async Task Should_answer_1001_without_a_name_when_a_frame_is_no_command(string frame)
    {
        var nested = frame switch { "deep" => 32, "deeper" => 20_000, _ => 0 };
        var sent = nested == 0 ? frame : $$"""{"seq":"a","cmd":"ping","data":{{new string('[', nested)}}{{new string(']', nested)}}}""";

        var reply = await world.SendAsync("alice", sent, received => received.Cmd.Length == 0);

        (reply.Code, reply.Seq).ShouldBe((1001, ""), reply.Text);
    }

    [Theory]
    [InlineData("{\"seq\":\"e1\",\"cmd\":\"ping\",\"cmd\":\"ping\"}", 1001)]
    [InlineData("{\"seq\":\"e2\",\"cmd\":\"ping\",\"SEQ\":\"e2\"}", 1001)]
    [InlineData("{\"seq\":\"e3\",\"cmd\":\"ping\",\"data\":{},\"data\":{}}", 1001)]
    [InlineData("{\"seq\":\"e4\",\"cmd\":\"nope\"}", 1010)]
    [InlineData("{\"seq\":\"e5\",\"cmd\":\"\"}", 1010)]
    [InlineData("{\"seq\":\"e6\"}", 1010)]
    [InlineData("{\"seq\":\"e7\",\"cmd\":\"PING\"}", 1010)]
    [InlineData("{\"seq\":\"e8\",\"cmd\":\"__proto__\",\"data\":{\"$type\":\"System.Object\"}}", 1010)]
    [InlineData("{\"seq\":\"e9\",\"cmd\":\"enter\",\"data\":{\"conv\":\"r:tea\"}}", 1010)]
    [InlineData("{\"seq\":\"e10\",\"cmd\":\"token\",\"data\":{\"serviceToken\":7}}", 1001)]
    [InlineData("{\"seq\":\"e11\",\"cmd\":\"token\",\"data\":{\"serviceToken\":\"x\"}}", 1009)]
    [InlineData("{\"seq\":\"e12\",\"cmd\":\"login\",\"data\":{\"v\":2,\"userId\":\"bob\",\"appId\":101,\"device\":\"device-x1\",\"platform\":\"web\"}}", 1009)]
    [InlineData("{\"seq\":\"e13\",\"cmd\":\"login\",\"data\":{\"userId\":\"bob\",\"appId\":101}}", 1009)]
    public async Task Should_refuse_when_the_envelope_is_wrong(string frame, int code)
    {
        var seq = frame.Split('"')[3];

        (await world.SendAsync("mallory", frame, received => received.Seq == seq)).Code.ShouldBe(code);
    }

    [Fact]
    public async Task Should_refuse_a_seq_of_more_than_64_characters()
    {
        var reply = await world.SendAsync("mallory", $$"""{"seq":"{{new string('s', 65)}}","cmd":"ping"}""", received => received.Cmd == "ping");

        (reply.Code, reply.Seq.Length, reply.Data.GetProperty("field").GetString()).ShouldBe((1001, 64, "seq"));
    }

    [Theory]
    [MemberData(nameof(LoginTables.Level2), MemberType = typeof(LoginTables))]
    [MemberData(nameof(LoginTables.Level0), MemberType = typeof(LoginTables))]
    public async Task Should_say_what_is_wrong_with_a_login(string data, int code, string? field)
    {
        await using var socket = await ChatSocket.ConnectAsync(world.Node.WebSocket);

        var reply = new Received((await socket.AskAsync($$"""{"seq":"1","cmd":"login","data":{{data}}}"""))!);

        (reply.Code, FieldOf(reply)).ShouldBe((code, field), reply.Text);
        (await socket.AskAsync("""{"seq":"2","cmd":"history","data":{"conv":"g:team"}}"""))!.ShouldContain("\"code\":1000", customMessage: "it is not logged in");
    }

    [Fact]
    public async Task Should_tell_by_conversation_what_a_cursor_may_not_read()
    {
        const string Cursors = """{"cursors":{"g:team":["k",0],"g:none":["k",1],"r:tea":["k",0],"p:alice|bob":["k",0],"u:alice":["k",0],"p:mallory|zoe":["k",9]}}""";

        var reply = await world.AskAsync("mallory", "sync", Cursors);

        var codes = reply.Data.GetProperty("convs").EnumerateArray().ToDictionary(conv => conv.GetProperty("conv").GetString()!, conv => conv.GetProperty("code").GetInt32());
        codes.ShouldBe(
            new Dictionary<string, int> { ["g:team"] = 1020, ["g:none"] = 1027, ["r:tea"] = 1020, ["p:alice|bob"] = 1013, ["u:alice"] = 1013, ["p:mallory|zoe"] = 1027 }, ignoreOrder: true);
        reply.Text.ShouldNotContain("\"msg\":\"one\"");
    }

    [Fact]
    public async Task Should_not_tell_the_head_of_a_foreign_group_or_take_its_ack()
    {
        (await world.AskAsync("alice", "heartbeat", """{"heads":{"g:team":0}}""")).Text.ShouldContain("\"g:team\":6");

        var heads = await world.AskAsync("mallory", "heartbeat", """{"heads":{"g:team":0,"p:alice|bob":0,"u:alice":0,"r:tea":0}}""");
        var acked = await world.AskAsync("mallory", "ack", """{"acks":{"g:team":6,"p:alice|bob":2}}""");

        (heads.Code, heads.Data.ValueKind, acked.Code).ShouldBe((200, JsonValueKind.Null, 200));
    }

    /// <summary>All tables once more, on a node of their own, one after the other.</summary>
    [Fact]
    public async Task Should_have_changed_nothing_and_serve_a_fresh_client_after_all_of_it()
    {
        var fresh = new CommandWorld();
        await fresh.InitializeAsync();
        try
        {
            var before = await ContentAsync(fresh);
            var count = 0;
            foreach (var (command, table) in Tables)
            {
                foreach (var row in table())
                {
                    await fresh.AskAsync((string)row[0], command, (string)row[1]);
                    count++;
                }
            }

            count.ShouldBeGreaterThan(400);
            (await ContentAsync(fresh)).ShouldBe(before);
            (await fresh.DrainAsync("bob")).ShouldBeEmpty("no member was told anything");
            fresh.UnaskedForMallory.ShouldBeEmpty("who is no member got nothing");
            await using var client = await fresh.LogInAsync("fresh");
            (await client.AskAsync("""{"seq":"j","cmd":"join","data":{"conv":"r:tea"}}"""))!.ShouldContain("\"head\":1");
            (await client.AskAsync("""{"seq":"m","cmd":"msg","data":{"conv":"r:tea","msg":"hello"}}"""))!.ShouldContain("\"mseq\":2");
            await fresh.NextAsync("bob", frame => frame.Contains("\"hello\"", StringComparison.Ordinal));
        }
        finally
        {
            await fresh.DisposeAsync();
        }
    }

    private async Task CheckAsync(string who, string command, string data, int code, string? field)
    {
        var reply = await world.AskAsync(who, command, data);

        (reply.Code, FieldOf(reply)).ShouldBe((code, field), reply.Text);
    }

    private static string? FieldOf(Received reply) =>
        reply.Data.ValueKind == JsonValueKind.Object && reply.Data.TryGetProperty("field", out var field) ? field.GetString() : null;

    /// <summary>All that is in the conversations, as their members read it.</summary>
    private static async Task<string> ContentAsync(CommandWorld world)
    {
        var parts = new List<string>();
        foreach (var (who, conversation) in new[] { ("alice", "g:team"), ("alice", "r:tea"), ("alice", "p:alice|bob"), ("alice", "u:alice"), ("bob", "r:secret"), ("bob", "p:bob|carol") })
            parts.Add((await world.AskAsync(who, "history", $$"""{"conv":"{{conversation}}"}""")).Data.GetRawText());
        parts.Add((await world.AskAsync("alice", "group", """{"op":"get","conv":"g:team"}""")).Data.GetRawText());
        parts.Add((await world.AskAsync("mallory", "convs", "{}")).Data.GetRawText());
        return string.Join('\n', parts);
    }
}
