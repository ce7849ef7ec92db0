using System.Text.Json.Nodes;
using Im.Tests.Support;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Im.Tests.Browser;

/// <summary>What the page says, and what one can do, when the server ends a connection.</summary>
[Collection(BrowserTests.Name)]
public sealed class BannerSpecs(ChatPageFixture browser)
{
    [BrowserTheory]
    [InlineData(4005, "An operator closed your connection.", "Connect again")]
    [InlineData(4006, "You logged in elsewhere, so this page stopped.", "Use it here")]
    [InlineData(4009, "You are signed in on as many devices as allowed.", "Connect again")]
    [InlineData(4003, "Your sign-in was withdrawn.", "Sign in")]
    [InlineData(4008, "The server ended the connection (code 4008).", "Connect again")]
    public async Task Should_stop_and_say_why_when_the_server_closes_for_good(int code, string text, string action)
    {
        var script = new ScriptedServer();
        await using var guest = await browser.OpenAsync(new() { Script = script });

        await script.CloseAsync(code);

        await Expect(guest.State).ToHaveTextAsync("Disconnected");
        await Expect(guest.Banner.Locator(".banner-text")).ToHaveTextAsync(text);
        await Expect(guest.Banner.GetByRole(AriaRole.Button)).ToHaveTextAsync(action);
    }

    [BrowserFact]
    public async Task Should_be_back_when_a_page_that_was_kicked_is_used_again()
    {
        var script = new ScriptedServer();
        await using var guest = await browser.OpenAsync(new() { Script = script });
        script.Push("kicked", new JsonObject { ["reason"] = "replaced", ["platform"] = "web", ["device"] = "d" });
        await script.CloseAsync(4006);

        await guest.Banner.GetByRole(AriaRole.Button, new() { Name = "Use it here" }).ClickAsync();

        await guest.ShouldBeInRoomAsync();
        await Expect(guest.Banner).ToBeHiddenAsync();
    }

    [BrowserTheory]
    [InlineData(4202)]
    [InlineData(4203)]
    [InlineData(4204)]
    public async Task Should_be_back_at_once_when_the_server_wants_it_so(int code)
    {
        var script = new ScriptedServer();
        await using var guest = await browser.OpenAsync(new() { Room = "tea", Name = "bob", Script = script });
        var logins = script.DataOf("login").Count;

        await script.CloseAsync(code);

        await Until.TrueAsync(() => script.DataOf("login").Count == logins + 1);
        await guest.ShouldBeInRoomAsync();
        script.Say("r:tea", "alice", "still here?");
        await guest.ShouldSeeAsync("still here?");
    }

    [BrowserFact]
    public async Task Should_say_so_and_move_on_when_the_server_is_about_to_go()
    {
        var script = new ScriptedServer();
        await using var guest = await browser.OpenAsync(new() { Script = script });
        var logins = script.DataOf("login").Count;

        await guest.WatchAsync("banner");
        script.Push("goaway", new JsonObject { ["reason"] = "drain", ["afterMs"] = 1_500 });

        await guest.ShouldHaveShownAsync("banner", "The server is about to restart");
        await Until.TrueAsync(() => script.DataOf("login").Count == logins + 1);
        await guest.ShouldBeInRoomAsync();
        await Expect(guest.Banner).ToBeHiddenAsync();
    }
}
