using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Im.Tests.Browser;

[Collection(BrowserTests.Name)]
public sealed class UntrustedTextSpecs(ChatPageFixture browser)
{
    [BrowserTheory]
    [InlineData("<script>window.pwned = 1</script>")]
    [InlineData("<img src=x onerror=\"window.pwned = 1\">")]
    [InlineData("</div><svg onload=\"window.pwned = 1\">&lt;b&gt;")]
    [InlineData("javascript:window.pwned=1 data:text/html,<script>window.pwned=1</script>")]
    public async Task Should_show_markup_as_text_and_run_nothing_when_a_guest_sends_it(string text)
    {
        var room = GuestOptions.NewRoom();
        await using var alice = await browser.OpenAsync(new() { Room = room });
        await using var bob = await browser.OpenAsync(new() { Room = room });

        await bob.SayAsync(text);

        await Expect(alice.Messages).ToHaveTextAsync([text]);
        await Expect(bob.Messages).ToHaveTextAsync([text]);
        foreach (var page in new[] { alice, bob })
        {
            (await page.Page.EvaluateAsync<bool>("'pwned' in window")).ShouldBeFalse();
            await Expect(page.Messages.Locator("*")).ToHaveCountAsync(0);
            page.Complaints.ShouldBeEmpty();
        }
    }

    [BrowserFact]
    public async Task Should_show_markup_as_text_when_it_is_a_name()
    {
        const string name = "<img src=x onerror=\"window.pwned=1\">";
        var room = GuestOptions.NewRoom();
        await using var alice = await browser.OpenAsync(new() { Room = room });
        await using var bob = await browser.OpenAsync(new() { Room = room });

        await bob.Page.Locator("#me").ClickAsync();
        await bob.Page.Locator("#profile-name").FillAsync(name);
        await bob.Page.Locator("#profile-name").PressAsync("Enter");
        await Expect(alice.Members.Filter(new() { HasText = name })).ToHaveCountAsync(1);
        await bob.ShouldBeInRoomAsync();
        await bob.SayAsync("my name is markup");

        await Expect(alice.Log.Locator(".other .name")).ToHaveTextAsync([name]);
        await Expect(alice.Page.Locator("img[src=x]")).ToHaveCountAsync(0);
        (await alice.Page.EvaluateAsync<bool>("'pwned' in window")).ShouldBeFalse();
        alice.Complaints.ShouldBeEmpty();
    }

    [BrowserFact]
    public async Task Should_link_only_web_addresses_when_a_text_holds_some()
    {
        await using var guest = await browser.OpenAsync(new() { Room = GuestOptions.NewRoom() });

        await guest.SayAsync("See https://example.org/a_(b), ftp://example.org javascript:alert(1) and http://例子.测试/路径。");

        var links = guest.OwnMessages.Locator("a");
        await Expect(links).ToHaveTextAsync(["https://example.org/a_(b)", "http://例子.测试/路径"]);
        await Expect(links.First).ToHaveAttributeAsync("rel", "noopener noreferrer nofollow");
        await Expect(links.First).ToHaveAttributeAsync("target", "_blank");
    }

    [BrowserFact]
    public async Task Should_wrap_when_a_word_is_longer_than_the_page()
    {
        await using var guest = await browser.OpenAsync(new() { Room = GuestOptions.NewRoom(), Viewport = GuestOptions.Phone });

        await guest.SayAsync(new string('w', 900));

        await Expect(guest.OwnMessages).ToHaveCountAsync(1);
        (await guest.Log.EvaluateAsync<bool>("log => log.scrollWidth <= log.clientWidth")).ShouldBeTrue();
    }
}
