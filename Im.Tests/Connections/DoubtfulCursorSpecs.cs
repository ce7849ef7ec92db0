using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Connections;

/// <summary>Cursors above the head: a store that was put back, or a client that makes them up.</summary>
[Collection(ActorNodeTests.Name)]
public sealed class DoubtfulCursorSpecs(ActorNodeFixture fixture)
{
    private readonly ActorNode _node = fixture.Node;

    [Fact]
    public async Task Should_begin_a_new_epoch_for_everybody_when_a_cursor_shows_that_the_store_went_back()
    {
        var writer = await _node.Level2Async("ahead-a", "device-ahead-a", "r:ahead-1");
        var sent = (await writer.AskAsync("m", "msg", """{"conv":"r:ahead-1","msg":"one"}""")).Data;

        var told = await SyncAsync(writer, "r:ahead-1", sent.GetProperty("epoch").GetString()!, 50);

        told.GetProperty("recovered").GetBoolean().ShouldBeFalse();
        told.GetProperty("epoch").GetString().ShouldNotBe(sent.GetProperty("epoch").GetString());
    }

    [Fact]
    public async Task Should_leave_the_others_their_copies_when_a_second_cursor_is_ahead_of_an_epoch_that_began_here()
    {
        var writer = await _node.Level2Async("ahead-b", "device-ahead-b", "r:ahead-2");
        var sent = (await writer.AskAsync("m", "msg", """{"conv":"r:ahead-2","msg":"one"}""")).Data;
        var second = (await SyncAsync(writer, "r:ahead-2", sent.GetProperty("epoch").GetString()!, 50)).GetProperty("epoch").GetString()!;

        var told = await SyncAsync(writer, "r:ahead-2", second, 60);
        var again = await SyncAsync(writer, "r:ahead-2", second, 9_007_199_254_740_991);

        foreach (var answer in new[] { told, again })
        {
            (answer.GetProperty("epoch").GetString(), answer.GetProperty("recovered").GetBoolean(), answer.GetProperty("head").GetInt64()).ShouldBe((second, false, 1));
            answer.GetProperty("msgs").GetArrayLength().ShouldBe(1, "the reader is given what there is");
        }
    }

    [Fact]
    public async Task Should_believe_once_more_when_the_store_was_away_and_may_have_been_put_back()
    {
        var writer = await _node.Level2Async("ahead-c", "device-ahead-c", "r:ahead-3");
        var sent = (await writer.AskAsync("m", "msg", """{"conv":"r:ahead-3","msg":"one"}""")).Data;
        var second = (await SyncAsync(writer, "r:ahead-3", sent.GetProperty("epoch").GetString()!, 50)).GetProperty("epoch").GetString()!;

        _node.Store.SeenSinceMs++;
        var third = (await SyncAsync(writer, "r:ahead-3", second, 60)).GetProperty("epoch").GetString();

        third.ShouldNotBe(second);
    }

    [Fact]
    public async Task Should_say_where_the_read_mark_stands_when_a_lower_one_comes()
    {
        var reader = await _node.Level2Async("mark-a", "device-mark-a", "r:mark-1");
        foreach (var text in new[] { "one", "two", "three" }) await reader.AskAsync(text, "msg", $$"""{"conv":"r:mark-1","msg":"{{text}}"}""");

        var high = (await reader.AskAsync("high", "read", """{"conv":"r:mark-1","mseq":3}""")).Data;
        var low = (await reader.AskAsync("low", "read", """{"conv":"r:mark-1","mseq":1}""")).Data;

        (high.GetProperty("read").GetInt64(), low.GetProperty("read").GetInt64()).ShouldBe((3, 3));
    }

    [Fact]
    public async Task Should_push_records_of_groups_that_the_login_has_no_room_for()
    {
        var owner = await _node.Level2Async("many-a", "device-many-a");
        for (var i = 0; i < 410; i++)
            (await owner.AskAsync($"g{i}", "group", $$"""{"op":"create","conv":"g:many-{{i}}","name":"n","users":["many-b"]}""")).Code.ShouldBe(200);
        var member = _node.Connect();
        var login = (await member.LoginLevel2Async("many-b", "device-many-b")).Data;

        foreach (var i in new[] { 0, 150, 205, 409 }) (await owner.AskAsync($"m{i}", "msg", $$"""{"conv":"g:many-{{i}}","msg":"in {{i}}"}""")).Code.ShouldBe(200);

        login.GetProperty("more").GetBoolean().ShouldBeTrue();
        var pushed = new List<string>();
        for (var i = 0; i < 4; i++) pushed.Add((await member.NextPushAsync("msg")).Message);
        pushed.ShouldBe(["in 0", "in 150", "in 205", "in 409"], ignoreOrder: true, "conversations do not wait for each other");
    }

    private static async Task<System.Text.Json.JsonElement> SyncAsync(MemoryClient client, string conversation, string epoch, long mseq) =>
        (await client.AskAsync($"s{mseq}", "sync", $$$"""{"cursors":{"{{{conversation}}}":["{{{epoch}}}",{{{mseq}}}]}}""")).Data.GetProperty("convs")[0];
}
