using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Im.Tests.Browser;

[Collection(BrowserTests.Name)]
public sealed class KeyboardSpecs(ChatPageFixture browser)
{
    private const string CurrentId = "document.activeElement?.id || document.activeElement?.className";

    [BrowserFact]
    public async Task Should_do_all_of_a_visit_when_only_the_keyboard_is_used()
    {
        var room = GuestOptions.NewRoom();
        await using var alice = await browser.OpenAsync(new() { Room = room });
        await using var bob = await browser.OpenAsync();
        var keyboard = bob.Page.Keyboard;

        await TabToAsync(bob, "join-name");
        await keyboard.TypeAsync(room);
        await keyboard.PressAsync("Enter");
        await bob.ShouldBeInRoomAsync();
        await Expect(bob.Composer).ToBeFocusedAsync();
        await keyboard.TypeAsync("by keyboard");
        await keyboard.PressAsync("Enter");

        await alice.ShouldSeeAsync("by keyboard");
        await TabToAsync(bob, "me");
        await keyboard.PressAsync("Enter");
        await Expect(bob.Page.Locator("#profile-name")).ToBeFocusedAsync();
        await keyboard.PressAsync("Escape");
        await Expect(bob.Page.Locator("#profile-dialog")).ToBeHiddenAsync();
    }

    [BrowserFact]
    public async Task Should_make_a_new_line_when_Shift_is_held_with_Enter()
    {
        await using var guest = await browser.OpenAsync(new() { Room = GuestOptions.NewRoom() });

        await guest.Composer.FocusAsync();
        await guest.Page.Keyboard.TypeAsync("first");
        await guest.Page.Keyboard.PressAsync("Shift+Enter");
        await guest.Page.Keyboard.TypeAsync("second");
        await Expect(guest.Composer).ToHaveValueAsync("first\nsecond");
        await guest.Page.Keyboard.PressAsync("Enter");

        (await guest.OwnMessages.InnerTextAsync()).ShouldBe("first\nsecond");
    }

    [BrowserFact]
    public async Task Should_not_send_when_Enter_ends_a_composition()
    {
        await using var guest = await browser.OpenAsync(new() { Room = GuestOptions.NewRoom() });
        await guest.Composer.FocusAsync();
        var devTools = await guest.Page.Context.NewCDPSessionAsync(guest.Page);
        var enter = new Dictionary<string, object> { ["type"] = "rawKeyDown", ["key"] = "Enter", ["code"] = "Enter", ["windowsVirtualKeyCode"] = 13 };

        await devTools.SendAsync("Input.imeSetComposition", new() { ["text"] = "ni", ["selectionStart"] = 2, ["selectionEnd"] = 2 });
        await devTools.SendAsync("Input.dispatchKeyEvent", enter);
        await devTools.SendAsync("Input.insertText", new() { ["text"] = "你" });
        await devTools.SendAsync("Input.dispatchKeyEvent", new(enter) { ["windowsVirtualKeyCode"] = 229 });
        await Expect(guest.Composer).ToHaveValueAsync("你");
        await Expect(guest.OwnMessages).ToHaveCountAsync(0);
        await guest.Page.Keyboard.PressAsync("Enter");

        await Expect(guest.OwnMessages).ToHaveTextAsync(["你"]);
    }

    [BrowserFact]
    public async Task Should_put_an_emoji_at_the_caret_when_one_is_picked_by_keyboard()
    {
        await using var guest = await browser.OpenAsync(new() { Room = GuestOptions.NewRoom() });
        await guest.Composer.FocusAsync();
        await guest.Page.Keyboard.TypeAsync("ab");
        await guest.Page.Keyboard.PressAsync("ArrowLeft");

        await guest.Page.Keyboard.PressAsync("Shift+Tab");
        await guest.Page.Keyboard.PressAsync("Enter");
        await guest.Page.Keyboard.PressAsync("ArrowRight");
        await guest.Page.Keyboard.PressAsync("Enter");

        await Expect(guest.Composer).ToBeFocusedAsync();
        await Expect(guest.Composer).ToHaveValueAsync("a😄b");
    }

    [BrowserFact]
    public async Task Should_walk_messages_and_copy_one_when_the_list_has_the_focus()
    {
        await using var guest = await browser.OpenAsync(new() { Room = GuestOptions.NewRoom() });
        await guest.SayAsync("first");
        await guest.SayAsync("second");
        await Expect(guest.OwnMessages).ToHaveCountAsync(2);

        await guest.WatchAsync("announcer");
        await guest.Log.FocusAsync();
        await guest.Page.Keyboard.PressAsync("ArrowUp");
        await guest.Page.Keyboard.PressAsync("ArrowUp");
        await guest.Page.Keyboard.PressAsync("Control+c");

        await guest.ShouldHaveShownAsync("announcer", "Copied");
        (await guest.Page.EvaluateAsync<string>("navigator.clipboard.readText()")).ShouldBe("first");
    }

    [BrowserFact]
    public async Task Should_show_where_the_focus_is_when_tabbing_through_the_page()
    {
        await using var guest = await browser.OpenAsync();
        for (var i = 0; i < 12; i++)
        {
            await guest.Page.Keyboard.PressAsync("Tab");
            var shown = await guest.Page.EvaluateAsync<bool>("""
                () => {
                  const style = element => getComputedStyle(element);
                  const current = document.activeElement;
                  return style(current).outlineStyle !== 'none' || style(current).boxShadow !== 'none' || style(current.parentElement).boxShadow !== 'none';
                }
                """);
            shown.ShouldBeTrue(await guest.Page.EvaluateAsync<string>(CurrentId));
        }
    }

    private static async Task TabToAsync(ChatPage page, string id)
    {
        for (var i = 0; i < 40; i++)
        {
            await page.Page.Keyboard.PressAsync("Tab");
            if (await page.Page.EvaluateAsync<string>(CurrentId) == id) return;
        }

        throw new ShouldAssertException($"#{id} is not reached by Tab");
    }
}
