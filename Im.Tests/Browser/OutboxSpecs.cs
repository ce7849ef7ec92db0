using Im.Tests.Support;
using Microsoft.Playwright;
using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Im.Tests.Browser;

/// <summary>Lines that are written and not answered yet.</summary>
[Collection(BrowserTests.Name)]
public sealed class OutboxSpecs(ChatPageFixture browser)
{
    [BrowserFact]
    public async Task Should_send_each_line_once_and_in_order_when_the_page_is_reloaded_with_unsent_ones()
    {
        var script = new ScriptedServer();
        await using var alice = await browser.OpenAsync(new() { Room = "tea", Name = "alice", Script = script });
        await using var bob = await browser.OpenAsync(new() { Room = "tea", Name = "bob", Script = script });

        script.Closed = 1012;
        await script.CloseAsync(1012, "bob");
        await Expect(bob.State).ToContainTextAsync("Offline");
        for (var i = 1; i <= 5; i++) await bob.SayAsync($"unsent {i}");
        await Expect(bob.Log.Locator(".row.sending")).ToHaveCountAsync(5);
        await bob.Page.ReloadAsync();
        await Expect(bob.Log.Locator(".row.sending")).ToHaveCountAsync(5);
        script.Closed = 0;
        await bob.ComeBackAsync();

        await Expect(alice.Messages).ToHaveTextAsync(Enumerable.Range(1, 5).Select(i => $"unsent {i}"));
        await Expect(bob.Log.Locator(".row.sent")).ToHaveCountAsync(5);
        await Expect(bob.OwnMessages).ToHaveTextAsync(Enumerable.Range(1, 5).Select(i => $"unsent {i}"));
        await bob.Page.ReloadAsync();
        await bob.ShouldBeInRoomAsync();
        await Expect(bob.OwnMessages).ToHaveCountAsync(5);
        script.Conversation("r:tea").Head.ShouldBe(5);
    }

    [BrowserFact]
    public async Task Should_send_the_same_cid_again_when_the_answer_was_lost()
    {
        var script = new ScriptedServer();
        await using var bob = await browser.OpenAsync(new() { Room = "tea", Name = "bob", Script = script });

        script.Silent = true;
        await bob.SayAsync("did this arrive?");
        await Until.TrueAsync(() => script.DataOf("msg").Count == 1);
        script.Silent = false;
        await bob.Page.ReloadAsync();

        await Expect(bob.Log.Locator(".row.sent")).ToHaveCountAsync(1);
        script.DataOf("msg").Select(data => (string)data!["cid"]!).Distinct().Count().ShouldBe(1);
        script.Conversation("r:tea").Head.ShouldBe(1);
    }

    [BrowserFact]
    public async Task Should_send_again_by_itself_when_the_refusal_is_temporary()
    {
        var script = new ScriptedServer();
        await using var bob = await browser.OpenAsync(new() { Room = "tea", Name = "bob", Script = script });

        script.Refuse("msg", 1016);
        await bob.SayAsync("in a while");

        await Expect(bob.Log.Locator(".row.sent")).ToHaveCountAsync(1);
        script.DataOf("msg").Count.ShouldBe(2);
    }

    [BrowserFact]
    public async Task Should_offer_a_line_again_when_the_server_refuses_it()
    {
        var script = new ScriptedServer();
        await using var bob = await browser.OpenAsync(new() { Room = "tea", Name = "bob", Script = script });

        script.Refuse("msg", 1021);
        await bob.SayAsync("may I?");
        var failed = bob.Log.Locator(".row.failed");
        await Expect(failed).ToContainTextAsync("Not sent: you are muted here");
        await bob.Page.ReloadAsync();
        await bob.ShouldBeInRoomAsync();
        await Expect(failed).ToHaveCountAsync(1);
        await failed.GetByRole(AriaRole.Button, new() { Name = "Send again" }).ClickAsync();

        await Expect(bob.Log.Locator(".row.sent")).ToHaveTextAsync([new System.Text.RegularExpressions.Regex("may I\\?")]);
        await Expect(failed).ToHaveCountAsync(0);
        script.DataOf("msg").Select(data => (string?)data!["cid"]).Distinct().Count().ShouldBe(2, "the refused cid would be refused again");
    }

    [BrowserFact]
    public async Task Should_be_gone_for_good_when_a_refused_line_is_discarded()
    {
        var script = new ScriptedServer();
        await using var bob = await browser.OpenAsync(new() { Room = "tea", Name = "bob", Script = script });
        script.Refuse("msg", 1021);
        await bob.SayAsync("never mind");

        await bob.Log.Locator(".row.failed").GetByRole(AriaRole.Button, new() { Name = "Discard" }).ClickAsync();
        await Expect(bob.OwnMessages).ToHaveCountAsync(0);
        await bob.Page.ReloadAsync();
        await bob.ShouldBeInRoomAsync();

        await Expect(bob.OwnMessages).ToHaveCountAsync(0);
    }
}
