using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Im.Tests.Browser;

[Collection(BrowserTests.Name)]
public sealed class PhoneSpecs(ChatPageFixture browser)
{
    [BrowserFact]
    public async Task Should_show_one_column_when_the_screen_is_narrow()
    {
        await using var guest = await browser.OpenAsync(new() { Viewport = GuestOptions.Phone });

        await Expect(guest.Composer).ToBeInViewportAsync();
        await Expect(guest.State).ToBeInViewportAsync();
        await Expect(guest.Page.Locator("#rooms-pane")).ToBeHiddenAsync();
        await Expect(guest.Page.Locator("#members-pane")).ToBeHiddenAsync();
        (await guest.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth")).ShouldBeTrue();
    }

    [BrowserTheory]
    [InlineData("rooms")]
    [InlineData("members")]
    public async Task Should_open_and_close_a_drawer_when_its_button_is_tapped(string name)
    {
        await using var guest = await browser.OpenAsync(new() { Viewport = GuestOptions.Phone });
        var pane = guest.Page.Locator($"#{name}-pane");

        await guest.Page.Locator($"#{name}-open").TapAsync();
        await Expect(pane).ToBeInViewportAsync(new() { Ratio = 1 });
        (await guest.Page.Locator("#chat").EvaluateAsync<bool>("chat => chat.inert")).ShouldBeTrue();
        await guest.Page.Keyboard.PressAsync("Escape");

        await Expect(pane).ToBeHiddenAsync();
        await Expect(guest.Page.Locator($"#{name}-open")).ToBeFocusedAsync();
    }

    [BrowserFact]
    public async Task Should_chat_when_tapping_only()
    {
        var room = GuestOptions.NewRoom();
        await using var alice = await browser.OpenAsync(new() { Room = room });
        await using var bob = await browser.OpenAsync(new() { Viewport = GuestOptions.Phone });

        await bob.Page.Locator("#rooms-open").TapAsync();
        await bob.Page.Locator("#join-name").FillAsync(room);
        await bob.Page.Locator("#join button").TapAsync();
        await Expect(bob.Page.Locator("#rooms-pane")).ToBeHiddenAsync();
        await bob.ShouldBeInRoomAsync();
        await bob.Composer.FillAsync("from a phone");
        await bob.Page.Locator("#send").TapAsync();

        await alice.ShouldSeeAsync("from a phone");
        bob.Complaints.ShouldBeEmpty();
    }
}
