using Im.Tests.Support;
using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Im.Tests.Browser;

/// <summary>The page and a real node: what is said stays, for whoever comes back.</summary>
[Collection(BrowserTests.Name)]
public sealed class DurableSpecs(ChatPageFixture browser)
{
    private static readonly string[] Thirty = [.. Enumerable.Range(1, 30).Select(i => $"line {i}")];

    [BrowserFact]
    public async Task Should_show_each_line_once_and_in_order_when_thirty_came_while_the_reader_was_offline()
    {
        await using var relay = new TcpRelay(browser.Node.WebSocket);
        var room = GuestOptions.NewRoom();
        await using var alice = await browser.OpenAsync(new() { Room = room });
        await using var bob = await browser.OpenAsync(new() { Room = room, Relay = relay });
        await alice.SayAsync("before");
        await bob.ShouldSeeAsync("before");

        relay.Cut();
        await Expect(bob.State).ToContainTextAsync("Offline");
        foreach (var line in Thirty) await alice.SayAsync(line);
        await Expect(alice.Log.Locator(".row.sent")).ToHaveCountAsync(31);
        relay.Restore();

        await bob.ShouldBeInRoomAsync();
        await Expect(bob.Messages).ToHaveTextAsync(["before", .. Thirty]);
        await Expect(bob.Log.Locator(".divider")).ToHaveTextAsync("While you were away");
        await Expect(alice.Messages).ToHaveTextAsync(["before", .. Thirty]);
    }

    [BrowserFact]
    public async Task Should_send_each_line_once_and_in_order_when_the_page_is_reloaded_with_unsent_ones()
    {
        await using var relay = new TcpRelay(browser.Node.WebSocket);
        var room = GuestOptions.NewRoom();
        await using var alice = await browser.OpenAsync(new() { Room = room });
        await using var bob = await browser.OpenAsync(new() { Room = room, Relay = relay });

        relay.Hold();
        foreach (var line in Thirty[..3]) await bob.SayAsync(line);
        relay.Cut();
        await Expect(bob.State).ToContainTextAsync("Offline");
        foreach (var line in Thirty[3..6]) await bob.SayAsync(line);
        await Expect(bob.Log.Locator(".row.sending")).ToHaveCountAsync(6);
        await bob.Page.ReloadAsync();
        await Expect(bob.Log.Locator(".row.sending")).ToHaveCountAsync(6);
        relay.Restore();

        await Expect(bob.Log.Locator(".row.sent")).ToHaveCountAsync(6);
        await Expect(alice.Messages).ToHaveTextAsync(Thirty[..6]);
        await Expect(bob.Messages).ToHaveTextAsync(Thirty[..6]);
    }

    [BrowserFact]
    public async Task Should_find_the_talk_of_two_again_when_one_comes_back_later()
    {
        var room = GuestOptions.NewRoom();
        await using var alice = await browser.OpenAsync(new() { Room = room, Name = $"alice {room}" });
        await using (var bob = await browser.OpenAsync(new() { Room = room, Name = $"bob {room}" }))
        {
            await alice.Page.Locator("#members button.member", new() { HasText = "bob" }).ClickAsync();
            await alice.SayAsync("just us");
            await Expect(bob.Row("alice").Locator(".badge .sr")).ToHaveTextAsync("1 unread");
            await bob.Row("alice").ClickAsync();
            await Expect(alice.Log.Locator(".delivery")).ToHaveTextAsync("Read");
            await bob.SayAsync("yes");
            await alice.ShouldSeeAsync("yes");
        }

        await alice.SayAsync("are you there?");
        await alice.SayAsync("later, then");
        await Expect(alice.Log.Locator(".row.sent.own")).ToHaveCountAsync(3);
        await using var again = await browser.OpenAsync(new() { Name = $"bob {room}" });

        await Expect(again.Row("alice").Locator(".badge .sr")).ToHaveTextAsync("2 unread");
        await Expect(again.Row("alice").Locator(".preview")).ToHaveTextAsync("later, then");
        await again.Row("alice").ClickAsync();
        await Expect(again.Messages).ToHaveTextAsync(["just us", "yes", "are you there?", "later, then"]);
        await Expect(again.Row("alice").Locator(".badge")).ToHaveCountAsync(0);
        again.Complaints.ShouldBeEmpty();
    }

    [BrowserFact]
    public async Task Should_see_changed_and_taken_back_lines_when_the_page_is_opened_later()
    {
        var room = GuestOptions.NewRoom();
        await using var alice = await browser.OpenAsync(new() { Room = room });
        await alice.SayAsync("wrong");
        await alice.SayAsync("too much");
        await Expect(alice.Log.Locator(".row.sent")).ToHaveCountAsync(2);

        await alice.Log.Locator(".row.own").First.HoverAsync();
        await alice.Log.Locator(".row.own .edit").First.ClickAsync();
        await alice.Composer.FillAsync("right");
        await alice.Composer.PressAsync("Enter");
        await Expect(alice.Messages.First).ToHaveTextAsync("right");
        await alice.Log.Locator(".row.own").Last.HoverAsync();
        await alice.Log.Locator(".row.own .undo").Last.ClickAsync();
        await Expect(alice.Log.Locator(".gone")).ToHaveCountAsync(1);
        await using var bob = await browser.OpenAsync(new() { Room = room });

        await Expect(bob.Messages).ToHaveTextAsync(["right", "This message was taken back."]);
    }

    [BrowserFact]
    public async Task Should_reach_every_member_when_a_group_is_made()
    {
        var room = GuestOptions.NewRoom();
        await using var alice = await browser.OpenAsync(new() { Room = room, Name = $"alice {room}" });
        await using var bob = await browser.OpenAsync(new() { Name = $"bob {room}" });

        await alice.Page.Locator("#group-new").ClickAsync();
        await alice.Page.Locator("#group-name").FillAsync($"Team {room}");
        await alice.Page.Locator("#group-others").FillAsync($"bob {room}");
        await alice.Page.Locator("#group-submit").ClickAsync();
        await Expect(alice.Page.Locator("#room-title bdi")).ToHaveTextAsync($"Team {room}");
        await alice.SayAsync("welcome");
        await bob.Row("Team").ClickAsync();
        await bob.ShouldSeeAsync("welcome");
        await bob.SayAsync("thanks");
        await alice.ShouldSeeAsync("thanks");

        await bob.Page.Locator("#room-leave").ClickAsync();
        await Expect(alice.Log.Locator(".system.event").Last).ToHaveTextAsync($"bob {room} left the group");
        await Expect(alice.Members).ToHaveTextAsync([$"alice {room}"]);
        alice.Complaints.ShouldBeEmpty();
        bob.Complaints.ShouldBeEmpty();
    }

    [BrowserFact]
    public async Task Should_stop_and_say_so_when_the_user_logs_in_elsewhere_and_may_have_one_connection()
    {
        var name = $"solo {GuestOptions.NewRoom()}";
        var path = $"/?appId={HostedNode.SingleApp}";
        await using var first = await browser.OpenAsync(new() { Path = path, Name = name });
        await using var second = await browser.OpenAsync(new() { Path = path, Name = name });

        await Expect(first.Banner.Locator(".banner-text")).ToHaveTextAsync("You logged in elsewhere, so this page stopped.");
        await first.Banner.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Use it here" }).ClickAsync();

        await first.ShouldBeInRoomAsync();
        await Expect(second.State).ToHaveTextAsync("Disconnected");
    }
}
