using Im.Tests.Support;
using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Im.Tests.Browser;

[Collection(BrowserTests.Name)]
public sealed class ReconnectSpecs(ChatPageFixture browser)
{
    [BrowserFact]
    public async Task Should_send_what_was_written_offline_and_come_back_when_the_connection_is_cut()
    {
        await using var relay = new TcpRelay(browser.Node.WebSocket);
        var room = GuestOptions.NewRoom();
        await using var alice = await browser.OpenAsync(new() { Room = room });
        await using var bob = await browser.OpenAsync(new() { Room = room, Relay = relay });

        relay.Cut();
        await Expect(bob.State).ToContainTextAsync("Offline, retry in");
        await Expect(bob.Banner.GetByRole(Microsoft.Playwright.AriaRole.Button)).ToHaveTextAsync("Retry now");
        await bob.Composer.FillAsync("written offline");
        await Expect(bob.Page.Locator("#composer-hint")).ToHaveTextAsync("Not connected. What you send goes out once you are back.");
        await bob.Composer.PressAsync("Enter");
        await Expect(bob.Log.Locator(".row.sending")).ToContainTextAsync("Waiting to be sent");

        relay.Restore();
        await bob.ShouldBeInRoomAsync();
        await Expect(bob.Banner).ToBeHiddenAsync();
        await alice.ShouldSeeAsync("written offline");
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
    public async Task Should_send_a_line_once_when_it_was_under_way_as_the_connection_broke()
    {
        await using var relay = new TcpRelay(browser.Node.WebSocket);
        var room = GuestOptions.NewRoom();
        await using var alice = await browser.OpenAsync(new() { Room = room });
        await using var bob = await browser.OpenAsync(new() { Room = room, Relay = relay });

        relay.Hold();
        await bob.SayAsync("did this arrive?");
        relay.Cut();
        await Expect(bob.Log.Locator(".row.sending")).ToHaveCountAsync(1);
        relay.Restore();

        await Expect(bob.Log.Locator(".row.sent")).ToHaveCountAsync(1);
        await bob.SayAsync("and this?");
        await Expect(alice.Messages).ToHaveTextAsync(["did this arrive?", "and this?"]);
    }

    /// <summary>A refused connection is logged by the browser itself; nothing else may be.</summary>
    private static IEnumerable<string> OtherThanRefusedSockets(ChatPage page) =>
        page.Complaints.Where(text => !text.Contains("WebSocket", StringComparison.Ordinal));
}
