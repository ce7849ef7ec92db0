using Im.Tests.Support;
using Microsoft.Playwright;
using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Im.Tests.Browser;

[Collection(BrowserTests.Name)]
public sealed class AccessibilitySpecs(ChatPageFixture browser)
{
    private static readonly string Axe = File.ReadAllText(Repository.PathOf("Im.Tests/Browser/lib/axe.min.js"));

    [BrowserTheory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 1280)]
    [InlineData(ColorScheme.Light, 390)]
    [InlineData(ColorScheme.Dark, 390)]
    public async Task Should_have_no_finding_when_a_room_is_empty_and_when_people_chat(ColorScheme scheme, int width)
    {
        var room = GuestOptions.NewRoom();
        await using var alice = await browser.OpenAsync(new() { Room = room, ColorScheme = scheme, Viewport = new() { Width = width, Height = 800 } });
        (await FindingsAsync(alice)).ShouldBeEmpty();

        await using var bob = await browser.OpenAsync(new() { Room = room });
        await bob.SayAsync("Hello https://example.org");
        await alice.SayAsync("Hello too https://example.org");
        await bob.ShouldSeeAsync("Hello too");

        (await FindingsAsync(alice)).ShouldBeEmpty();
    }

    [BrowserTheory]
    [InlineData("#me", 1280)]
    [InlineData("#emoji-open", 1280)]
    [InlineData("#group-new", 1280)]
    [InlineData("#rooms-open", 390)]
    [InlineData("#members-open", 390)]
    public async Task Should_have_no_finding_when_something_is_open(string opener, int width)
    {
        await using var guest = await browser.OpenAsync(new() { Viewport = new() { Width = width, Height = 800 } });

        await guest.Page.Locator(opener).ClickAsync();

        (await FindingsAsync(guest)).ShouldBeEmpty();
    }

    [BrowserTheory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Should_have_no_finding_when_the_connection_is_lost(ColorScheme scheme)
    {
        await using var relay = new TcpRelay(browser.Node.WebSocket);
        await using var guest = await browser.OpenAsync(new() { Relay = relay, Room = GuestOptions.NewRoom(), ColorScheme = scheme });

        relay.Hold();
        await guest.SayAsync("lost");
        relay.Cut();
        await Expect(guest.Log.Locator(".row.sending")).ToHaveCountAsync(1);

        (await FindingsAsync(guest)).ShouldBeEmpty();
    }

    [BrowserTheory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 1280)]
    [InlineData(ColorScheme.Light, 390)]
    [InlineData(ColorScheme.Dark, 390)]
    public async Task Should_have_no_finding_when_lines_are_changed_taken_back_and_refused(ColorScheme scheme, int width)
    {
        var script = new ScriptedServer();
        script.Say("p:alice|bob", "bob", "while you were out");
        await using var alice = await browser.OpenAsync(new() { Name = "alice", Script = script, ColorScheme = scheme, Viewport = new() { Width = width, Height = 800 } });
        if (width < 768) await alice.Page.Locator("#rooms-open").ClickAsync();
        await alice.Row("bob").ClickAsync();
        await alice.SayAsync("changed");
        await alice.SayAsync("taken back");
        await Expect(alice.Log.Locator(".row.sent.own")).ToHaveCountAsync(2);
        script.Refuse("msg", 1021);
        await alice.SayAsync("refused");
        await Expect(alice.Log.Locator(".row.failed")).ToHaveCountAsync(1);
        await alice.Page.EvaluateAsync("document.querySelectorAll('.row.sent.own .undo')[1].click()");
        await Expect(alice.Log.Locator(".gone")).ToHaveCountAsync(1);
        await alice.Page.EvaluateAsync("document.querySelector('.row.sent.own .edit').click()");
        await Expect(alice.Page.Locator("#editing")).ToBeVisibleAsync();

        (await FindingsAsync(alice)).ShouldBeEmpty();
    }

    [BrowserFact]
    public async Task Should_have_no_finding_when_it_asks_who_comes()
    {
        await using var guest = await browser.OpenAsync(new() { Script = new ScriptedServer(), Mode = "jwt", Online = false });
        await Expect(guest.Page.Locator("#sign-in-token")).ToBeFocusedAsync();

        (await FindingsAsync(guest)).ShouldBeEmpty();
    }

    [BrowserFact]
    public async Task Should_tell_a_screen_reader_of_new_lines_and_of_the_connection()
    {
        await using var relay = new TcpRelay(browser.Node.WebSocket);
        await using var guest = await browser.OpenAsync(new() { Relay = relay });

        await Expect(guest.Log).ToHaveRoleAsync(AriaRole.Log);
        await Expect(guest.Log).ToHaveAttributeAsync("aria-live", "polite");
        await Expect(guest.Page.GetByRole(AriaRole.Status)).ToHaveAttributeAsync("id", "announcer");
        await guest.WatchAsync("announcer");
        relay.Cut();

        await guest.ShouldHaveShownAsync("announcer", "The connection was lost.");
    }

    /// <summary>What axe-core finds, once every transition has ended and with none in what changes meanwhile; half-way colours would be judged otherwise.</summary>
    private static async Task<string[]> FindingsAsync(ChatPage page)
    {
        await page.Page.EmulateMediaAsync(new() { ReducedMotion = ReducedMotion.Reduce });
        await page.Page.EvaluateAsync("() => Promise.all(document.getAnimations().filter(a => a.effect.getTiming().iterations !== Infinity).map(a => a.finished.catch(() => {})))");
        await page.Page.EvaluateAsync(Axe);
        return await page.Page.EvaluateAsync<string[]>("""
            async () => (await axe.run(document, { resultTypes: ['violations'] })).violations
              .flatMap(violation => violation.nodes.map(node => `${violation.id}: ${node.html.slice(0, 160)} ${node.any[0]?.message ?? ''}`))
            """);
    }
}
