using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Im.Tests.Browser;

/// <summary>Older lines, and lines that change.</summary>
[Collection(BrowserTests.Name)]
public sealed class HistorySpecs(ChatPageFixture browser)
{
    [BrowserFact]
    public async Task Should_stay_with_the_line_that_is_read_when_older_ones_come_above_it()
    {
        var script = new ScriptedServer();
        for (var i = 1; i <= 300; i++) script.Say("r:tea", "alice", $"line {i}");
        await using var bob = await browser.OpenAsync(new() { Room = "tea", Name = "bob", Script = script });
        await Expect(bob.Messages.Last).ToHaveTextAsync("line 300");
        await Expect(bob.Messages.Last).ToBeInViewportAsync();

        var moved = await bob.Log.EvaluateAsync<double>("""
            async log => {
              const frame = () => new Promise(requestAnimationFrame);
              const rows = () => log.querySelectorAll('.row').length;
              let most = 0;
              for (let i = 0; i < 200 && log.querySelector('.text').textContent !== 'line 1'; i++) {
                log.scrollTop = Math.max(1, log.scrollTop - 150);
                await frame();
                const top = log.getBoundingClientRect().top;
                const texts = () => [...log.querySelectorAll('.text')];
                const seen = texts().find(text => text.getBoundingClientRect().bottom > top + 20);
                const before = seen.getBoundingClientRect().bottom;
                const count = rows();
                for (let wait = 0; wait < 10; wait++) await frame();
                const now = texts().find(text => text.textContent === seen.textContent);
                if (rows() !== count) most = Math.max(most, Math.abs(now.getBoundingClientRect().bottom - before));
              }
              return most;
            }
            """);

        moved.ShouldBeLessThan(1.5);
        await Expect(bob.Messages).ToHaveTextAsync(Enumerable.Range(1, 300).Select(i => $"line {i}"));
    }

    [BrowserFact]
    public async Task Should_say_where_it_begins_when_older_lines_are_not_kept()
    {
        var script = new ScriptedServer();
        for (var i = 1; i <= 20; i++) script.Say("r:tea", "alice", $"line {i}");
        script.Conversation("r:tea").First = 11;

        await using var bob = await browser.OpenAsync(new() { Room = "tea", Name = "bob", Script = script });

        await Expect(bob.Messages).ToHaveTextAsync(Enumerable.Range(11, 10).Select(i => $"line {i}"));
        await Expect(bob.Log.Locator(".top")).ToHaveTextAsync("Older messages are not kept.");
    }

    [BrowserFact]
    public async Task Should_change_for_everybody_when_an_own_line_is_changed()
    {
        var script = new ScriptedServer();
        await using var alice = await browser.OpenAsync(new() { Room = "tea", Name = "alice", Script = script });
        await using var bob = await browser.OpenAsync(new() { Room = "tea", Name = "bob", Script = script });
        await alice.SayAsync("a typo hree");
        await bob.ShouldSeeAsync("a typo hree");

        await alice.Log.Locator(".row.own").HoverAsync();
        await alice.Log.Locator(".row.own .edit").ClickAsync();
        await Expect(alice.Composer).ToHaveValueAsync("a typo hree");
        await alice.Composer.FillAsync("a typo here");
        await alice.Composer.PressAsync("Enter");

        await Expect(bob.Messages).ToHaveTextAsync(["a typo here"]);
        await Expect(bob.Log.Locator(".edited")).ToHaveTextAsync("changed");
        await Expect(alice.Messages).ToHaveTextAsync(["a typo here"]);
        await Expect(alice.Composer).ToHaveValueAsync("");
        await bob.SayAsync("I see");
        await alice.ShouldSeeAsync("I see");
        await bob.Page.ReloadAsync();
        await bob.ShouldBeInRoomAsync();
        await Expect(bob.Messages).ToHaveTextAsync(["a typo here", "I see"]);
        alice.Complaints.ShouldBeEmpty();
    }

    [BrowserFact]
    public async Task Should_keep_the_line_as_it_is_when_changing_is_given_up()
    {
        var script = new ScriptedServer();
        await using var alice = await browser.OpenAsync(new() { Room = "tea", Name = "alice", Script = script });
        await alice.SayAsync("as it is");
        await alice.Log.Locator(".row.own").HoverAsync();
        await alice.Log.Locator(".row.own .edit").ClickAsync();

        await alice.Composer.FillAsync("otherwise");
        await alice.Composer.PressAsync("Escape");

        await Expect(alice.Composer).ToHaveValueAsync("");
        await Expect(alice.Messages).ToHaveTextAsync(["as it is"]);
    }

    [BrowserFact]
    public async Task Should_leave_nothing_of_it_when_an_own_line_is_taken_back()
    {
        var script = new ScriptedServer();
        await using var alice = await browser.OpenAsync(new() { Room = "tea", Name = "alice", Script = script });
        await using var bob = await browser.OpenAsync(new() { Room = "tea", Name = "bob", Script = script });
        await alice.SayAsync("too much said");
        await bob.ShouldSeeAsync("too much said");

        await alice.Log.Locator(".row.own").HoverAsync();
        await alice.Log.Locator(".row.own .undo").ClickAsync();

        await Expect(bob.Messages).ToHaveTextAsync(["This message was taken back."]);
        await Expect(alice.Messages).ToHaveTextAsync(["This message was taken back."]);
    }

    [BrowserFact]
    public async Task Should_say_why_when_the_server_lets_nobody_change_it_any_more()
    {
        var script = new ScriptedServer();
        await using var alice = await browser.OpenAsync(new() { Room = "tea", Name = "alice", Script = script });
        await alice.SayAsync("too old");
        script.Refuse("recall", 1009);

        await alice.Log.Locator(".row.own").HoverAsync();
        await alice.Log.Locator(".row.own .undo").ClickAsync();

        await Expect(alice.Page.Locator("#composer-hint")).ToHaveTextAsync("That message cannot be changed any more.");
        await Expect(alice.Messages).ToHaveTextAsync(["too old"]);
    }
}
