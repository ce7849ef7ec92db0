using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Browser;

/// <summary>A name that turns the direction of writing stays by itself: it cannot reorder what stands beside it.</summary>
[Collection(BrowserTests.Name)]
public sealed class DirectionSpecs(ChatPageFixture browser)
{
    [BrowserFact]
    public async Task Should_isolate_a_name_wherever_it_is_shown()
    {
        const string Name = "ali\u202Egnp.ecila";
        var room = GuestOptions.NewRoom();
        await using var bob = await browser.OpenAsync(new() { Room = room, Name = "bob" });
        await using var evil = await browser.OpenAsync(new() { Room = room, Name = Name });
        await evil.SayAsync("hello");
        await bob.ShouldSeeAsync("hello");

        var (shown, bare) = (0, 0);
        await Until.TrueAsync(
            async () =>
            {
                (shown, bare) = await CountAsync(bob, Name);
                return shown >= 3;
            },
            () => $"It is shown {shown} times: in the list of members, beside the message, and where it is said that it came");
        bare.ShouldBe(0);
    }

    /// <summary>Texts of the page that hold the name, and those among them that are not isolated.</summary>
    private static async Task<(int Shown, int Bare)> CountAsync(ChatPage page, string name)
    {
        var counts = await page.Page.EvaluateAsync<int[]>(
            """
            name => {
              const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
              let [shown, bare] = [0, 0];
              while (texts.nextNode()) {
                if (!texts.currentNode.data.includes(name)) continue;
                shown++;
                const holder = texts.currentNode.parentElement;
                const isIsolated = texts.currentNode.data === name && ['isolate', 'isolate-override', 'plaintext'].includes(getComputedStyle(holder).unicodeBidi);
                if (!isIsolated) bare++;
              }
              return [shown, bare];
            }
            """,
            name);
        return (counts[0], counts[1]);
    }
}
