using Im.Tests.Support;
using Microsoft.Playwright;
using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Im.Tests.Browser;

/// <summary>Conversations of two and of groups.</summary>
[Collection(BrowserTests.Name)]
public sealed class TalkSpecs(ChatPageFixture browser)
{
    [BrowserFact]
    public async Task Should_open_a_conversation_of_two_when_a_member_is_clicked()
    {
        var script = new ScriptedServer();
        await using var alice = await browser.OpenAsync(new() { Room = "tea", Name = "alice", Script = script });
        await using var bob = await browser.OpenAsync(new() { Room = "tea", Name = "bob", Script = script });

        await alice.Page.Locator("#members button.member", new() { HasText = "bob" }).ClickAsync();
        await Expect(alice.Page.Locator("#room-title bdi")).ToHaveTextAsync("bob");
        await alice.SayAsync("just us");

        var row = bob.Page.Locator("#chats .room");
        await Expect(row.Locator(".room-name")).ToHaveTextAsync("alice");
        await Expect(row.Locator(".preview")).ToHaveTextAsync("just us");
        await Expect(row.Locator(".badge .sr")).ToHaveTextAsync("1 unread");
        await row.ClickAsync();
        await bob.ShouldSeeAsync("just us");
        await Expect(row.Locator(".badge")).ToHaveCountAsync(0);
        await Expect(alice.Log.Locator(".delivery")).ToHaveTextAsync("Read");
        script.Conversation("p:alice|bob").Head.ShouldBe(1);
        alice.Complaints.ShouldBeEmpty();
        bob.Complaints.ShouldBeEmpty();
    }

    [BrowserFact]
    public async Task Should_count_what_is_unread_when_a_page_is_opened()
    {
        var script = new ScriptedServer();
        for (var i = 1; i <= 3; i++) script.Say("p:alice|bob", "alice", $"line {i}");

        await using var bob = await browser.OpenAsync(new() { Name = "bob", Script = script });

        await Expect(bob.Row("alice").Locator(".badge .sr")).ToHaveTextAsync("3 unread");
        await Expect(bob.Row("alice").Locator(".preview")).ToHaveTextAsync("line 3");
        await Expect(bob.Page).ToHaveTitleAsync("(3) lobby · ImAkka 101");
        await bob.Row("alice").ClickAsync();
        await Expect(bob.Messages).ToHaveTextAsync(["line 1", "line 2", "line 3"]);
        await Expect(bob.Log.Locator(".divider")).ToHaveTextAsync("New");
        await Expect(bob.Row("alice").Locator(".badge")).ToHaveCountAsync(0);
        await Until.TrueAsync(() => script.ReadMark("p:alice|bob", "bob") == 3);
    }

    [BrowserFact]
    public async Task Should_say_that_somebody_writes_when_keys_are_pressed()
    {
        var script = new ScriptedServer();
        await using var alice = await browser.OpenAsync(new() { Room = "tea", Name = "alice", Script = script });
        await using var bob = await browser.OpenAsync(new() { Room = "tea", Name = "bob", Script = script });

        await alice.WatchAsync("typing");
        await bob.Composer.PressSequentiallyAsync("well");

        await alice.ShouldHaveShownAsync("typing", "bob is writing…");
        await bob.Composer.PressAsync("Enter");
        await alice.ShouldSeeAsync("well");
        await Expect(alice.Page.Locator("#typing")).ToHaveTextAsync("");
    }

    [BrowserFact]
    public async Task Should_say_who_is_online_when_the_conversation_is_of_two()
    {
        var script = new ScriptedServer();
        script.Say("p:alice|bob", "alice", "hello");
        await using var bob = await browser.OpenAsync(new() { Name = "bob", Script = script });
        await bob.Row("alice").ClickAsync();
        await Expect(bob.Row("alice").Locator(".presence-dot")).ToHaveCountAsync(0);
        await Until.TrueAsync(() => script.DataOf("watch").Count > 0);

        script.Push("presence", new System.Text.Json.Nodes.JsonObject { ["user"] = "alice", ["state"] = "online" });

        await Expect(bob.Row("alice").Locator(".presence-dot")).ToHaveCountAsync(1);
        await Expect(bob.Page.Locator("#room-count")).ToContainTextAsync("is online");
    }

    [BrowserFact]
    public async Task Should_bring_people_together_when_a_group_is_made()
    {
        var script = new ScriptedServer();
        await using var alice = await browser.OpenAsync(new() { Room = "tea", Name = "alice", Script = script });
        await using var bob = await browser.OpenAsync(new() { Room = "tea", Name = "bob", Script = script });
        await using var carol = await browser.OpenAsync(new() { Name = "carol", Script = script });
        await Expect(alice.Members).ToHaveCountAsync(2);

        await alice.Page.Locator("#group-new").ClickAsync();
        await alice.Page.Locator("#group-name").FillAsync("Team");
        await alice.Page.GetByRole(AriaRole.Checkbox, new() { Name = "bob" }).CheckAsync();
        await alice.Page.Locator("#group-submit").ClickAsync();
        await Expect(alice.Page.Locator("#room-title bdi")).ToHaveTextAsync("Team");
        await Expect(alice.Log.Locator(".system.event")).ToHaveTextAsync("alice made the group Team");
        await alice.SayAsync("welcome");
        await bob.Row("Team").ClickAsync();
        await bob.ShouldSeeAsync("welcome");
        await alice.Page.Locator("#members-add").ClickAsync();
        await alice.Page.Locator("#group-others").FillAsync("carol");
        await alice.Page.Locator("#group-others").PressAsync("Enter");

        await Expect(alice.Members).ToHaveCountAsync(3);
        await Expect(bob.Log.Locator(".system.event").Last).ToHaveTextAsync("alice added carol");
        await carol.Row("Team").ClickAsync();
        await bob.Page.Locator("#room-leave").ClickAsync();
        await Expect(bob.Row("Team")).ToHaveCountAsync(0);
        await Expect(carol.Log.Locator(".system.event").Last).ToHaveTextAsync("bob left the group");
        alice.Complaints.ShouldBeEmpty();
    }
}
