using Im.Tests.Support;
using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Im.Tests.Browser;

[Collection(BrowserTests.Name)]
public sealed class ReconnectSpecs(ChatPageFixture browser)
{
    [BrowserFact]
    public async Task Should_keep_what_was_typed_and_come_back_when_the_connection_is_cut()
    {
        await using var relay = new TcpRelay(browser.Node.WebSocket);
        var room = GuestOptions.NewRoom();
        await using var alice = await browser.OpenAsync(new() { Room = room });
        await using var bob = await browser.OpenAsync(new() { Room = room, Relay = relay });

        relay.Cut();
        await Expect(bob.State).ToContainTextAsync("Offline, retry in");
        await Expect(bob.Banner.GetByRole(Microsoft.Playwright.AriaRole.Button)).ToHaveTextAsync("Retry now");
        await bob.SayAsync("typed while offline");
        await Expect(bob.Composer).ToHaveValueAsync("typed while offline");
        await Expect(bob.Page.Locator("#composer-hint")).ToHaveTextAsync("Not connected. Your text stays here until you are back.");

        relay.Restore();
        await bob.ShouldBeInRoomAsync();
        await Expect(bob.Log.Locator(".system.marked")).ToContainTextAsync("not kept");
        await Expect(bob.Banner).ToBeHiddenAsync();
        await bob.Composer.PressAsync("Enter");
        await alice.ShouldSeeAsync("typed while offline");
        await alice.SayAsync("welcome back");
        await bob.ShouldSeeAsync("welcome back");
        OtherThanRefusedSockets(bob).ShouldBeEmpty();
    }

    [BrowserFact]
    public async Task Should_connect_by_itself_when_the_first_connect_fails()
    {
        await using var relay = new TcpRelay(browser.Node.WebSocket, open: false);
        await using var guest = await browser.OpenAsync(new() { Relay = relay, Online = false });
        await Expect(guest.Banner).ToContainTextAsync("The server cannot be reached.");

        relay.Restore();

        await guest.ShouldBeInRoomAsync();
        await Expect(guest.Banner).ToBeHiddenAsync();
        OtherThanRefusedSockets(guest).ShouldBeEmpty();
    }

    [BrowserFact]
    public async Task Should_connect_at_once_when_the_user_asks_for_it()
    {
        await using var relay = new TcpRelay(browser.Node.WebSocket, open: false);
        await using var guest = await browser.OpenAsync(new() { Relay = relay, Online = false });
        var retry = guest.Page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Retry now" });
        await Expect(retry).ToBeVisibleAsync();

        // Without timers the page cannot come back by itself.
        await guest.Page.EvaluateAsync("() => { for (let id = setTimeout(() => {}); id > 0; id--) clearTimeout(id); window.setTimeout = () => 0; }");
        await Expect(retry).ToBeVisibleAsync();
        relay.Restore();
        await retry.ClickAsync();

        await guest.ShouldBeInRoomAsync();
    }

    [BrowserFact]
    public async Task Should_offer_a_line_again_when_it_was_under_way_as_the_connection_broke()
    {
        await using var relay = new TcpRelay(browser.Node.WebSocket);
        var room = GuestOptions.NewRoom();
        await using var alice = await browser.OpenAsync(new() { Room = room });
        await using var bob = await browser.OpenAsync(new() { Room = room, Relay = relay });

        relay.Hold();
        await bob.SayAsync("did this arrive?");
        relay.Cut();
        var failed = bob.Log.Locator(".row.unconfirmed");
        await Expect(failed).ToContainTextAsync("Not confirmed, it may not have arrived");
        relay.Restore();
        await bob.ShouldBeInRoomAsync();
        await Expect(failed).ToHaveCountAsync(1);
        await failed.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Send again" }).ClickAsync();

        await Expect(failed).ToHaveCountAsync(0);
        await alice.ShouldSeeAsync("did this arrive?");
    }

    /// <summary>A refused connection is logged by the browser itself; nothing else may be.</summary>
    private static IEnumerable<string> OtherThanRefusedSockets(ChatPage page) =>
        page.Complaints.Where(text => !text.Contains("WebSocket", StringComparison.Ordinal));
}
