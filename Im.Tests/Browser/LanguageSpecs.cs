using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Im.Tests.Browser;

[Collection(BrowserTests.Name)]
public sealed class LanguageSpecs(ChatPageFixture browser)
{
    [BrowserTheory]
    [InlineData("zh-CN", "zh-CN", "在线", "发消息到")]
    [InlineData("zh-TW", "zh-CN", "在线", "发消息到")]
    [InlineData("en-US", "en", "Online", "Message")]
    [InlineData("de-DE", "en", "Online", "Message")]
    public async Task Should_speak_the_browsers_language_when_the_page_opens(string locale, string lang, string state, string placeholder)
    {
        await using var guest = await browser.OpenAsync(new() { Locale = locale });

        await Expect(guest.Page.Locator("html")).ToHaveAttributeAsync("lang", lang);
        await Expect(guest.State).ToHaveTextAsync(state);
        (await guest.Composer.GetAttributeAsync("placeholder"))!.ShouldStartWith(placeholder);
    }

    [BrowserFact]
    public async Task Should_change_everything_that_is_shown_when_the_language_is_switched()
    {
        var room = GuestOptions.NewRoom();
        await using var alice = await browser.OpenAsync(new() { Room = room });
        await using var bob = await browser.OpenAsync(new() { Room = room });
        await Expect(alice.Log.Locator(".system").Last).ToContainTextAsync("joined");

        await alice.Page.Locator("#language").ClickAsync();

        await Expect(alice.Log.Locator(".system").Last).ToContainTextAsync("加入了");
        await Expect(alice.State).ToHaveTextAsync("在线");
        await Expect(alice.Page.Locator("#members-pane h2")).ToContainTextAsync("成员");
        await alice.Page.ReloadAsync();
        await Expect(alice.State).ToHaveTextAsync("在线");
    }

    [BrowserFact]
    public async Task Should_have_every_text_in_both_languages_when_the_dictionaries_are_compared()
    {
        await using var guest = await browser.OpenAsync(new() { Online = false });

        var onlyInOne = await guest.Page.EvaluateAsync<string[]>("""
            async () => {
              const { en, zh } = (await import('/js/i18n.js')).dictionaries;
              const holes = text => (text.match(/\{\w+\}/g) ?? []).sort().join();
              return [...new Set([...Object.keys(en), ...Object.keys(zh)])].filter(key => !en[key] || !zh[key] || holes(en[key]) !== holes(zh[key]));
            }
            """);

        onlyInOne.ShouldBeEmpty();
    }
}
