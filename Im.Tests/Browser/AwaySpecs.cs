using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Im.Tests.Browser;

/// <summary>What a reader sees who was away.</summary>
[Collection(BrowserTests.Name)]
public sealed class AwaySpecs(ChatPageFixture browser)
{
    [BrowserFact]
    public async Task Should_show_each_line_once_and_in_order_when_thirty_came_while_the_reader_was_offline()
    {
        var script = new ScriptedServer();
        await using var alice = await browser.OpenAsync(new() { Room = "tea", Name = "alice", Script = script });
        await using var bob = await browser.OpenAsync(new() { Room = "tea", Name = "bob", Script = script });
        await alice.SayAsync("before");
        await bob.ShouldSeeAsync("before");

        script.Closed = 1012;
        await script.CloseAsync(1012, "bob");
        await Expect(bob.State).ToContainTextAsync("Offline");
        for (var i = 1; i <= 30; i++) await alice.SayAsync($"line {i}");
        await Expect(alice.OwnMessages).ToHaveCountAsync(31);
        script.Closed = 0;
        await bob.ComeBackAsync();

        await Expect(bob.Messages).ToHaveTextAsync(["before", .. Enumerable.Range(1, 30).Select(i => $"line {i}")]);
        await Expect(bob.Log.Locator(".divider")).ToHaveTextAsync("While you were away");
        bob.Complaints.ShouldBeEmpty();
    }

    [BrowserFact]
    public async Task Should_show_what_came_meanwhile_when_a_page_is_opened_again()
    {
        var script = new ScriptedServer();
        await using (var bob = await browser.OpenAsync(new() { Room = "tea", Name = "bob", Script = script })) await bob.ShouldBeInRoomAsync();
        for (var i = 1; i <= 5; i++) script.Say("r:tea", "alice", $"line {i}");

        await using var again = await browser.OpenAsync(new() { Room = "tea", Name = "bob", Script = script });

        await Expect(again.Messages).ToHaveTextAsync(Enumerable.Range(1, 5).Select(i => $"line {i}"));
    }

    [BrowserFact]
    public async Task Should_say_how_many_are_missing_when_the_server_keeps_them_no_more()
    {
        var script = new ScriptedServer();
        await using var bob = await browser.OpenAsync(new() { Room = "tea", Name = "bob", Script = script });
        script.Say("r:tea", "alice", "first");
        await bob.ShouldSeeAsync("first");

        script.Closed = 1012;
        await script.CloseAsync(1012);
        for (var i = 2; i <= 20; i++) script.Say("r:tea", "alice", $"line {i}");
        script.Conversation("r:tea").First = 15;
        script.Closed = 0;
        await bob.ComeBackAsync();

        await Expect(bob.Log.Locator(".system.marked")).ToHaveTextAsync("13 messages are not kept any more.");
        await Expect(bob.Messages).ToHaveTextAsync(["first", .. Enumerable.Range(15, 6).Select(i => $"line {i}")]);
    }

    [BrowserFact]
    public async Task Should_drop_its_copy_and_read_anew_when_the_epoch_is_another()
    {
        var script = new ScriptedServer();
        await using var bob = await browser.OpenAsync(new() { Room = "tea", Name = "bob", Script = script });
        script.Say("r:tea", "alice", "of the old epoch");
        await bob.ShouldSeeAsync("of the old epoch");
        var conv = script.Conversation("r:tea");
        conv.Epoch = "e2";
        foreach (var record in conv.Records) record["epoch"] = "e2";
        conv.Change(1, "after the restore", by: 1, recalled: false);

        script.Say("r:tea", "alice", "new");

        await Expect(bob.Messages).ToHaveTextAsync(["after the restore", "new"]);
    }
}
