using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Im.Tests.Browser;

[Collection(BrowserTests.Name)]
public sealed class RoomsSpecs(ChatPageFixture browser)
{
    [BrowserFact]
    public async Task Should_count_unread_lines_when_another_room_is_active()
    {
        var room = GuestOptions.NewRoom();
        await using var alice = await browser.OpenAsync(new() { Room = room });
        await using var bob = await browser.OpenAsync(new() { Room = room });
        await alice.Page.Locator("#rooms .room", new() { HasText = "lobby" }).ClickAsync();
        await Expect(alice.Page.Locator("#room-title bdi")).ToHaveTextAsync("lobby");

        await bob.SayAsync("one");
        await bob.SayAsync("two");

        var row = alice.Page.Locator("#rooms .room", new() { HasText = room });
        await Expect(row.Locator(".badge .sr")).ToHaveTextAsync("2 unread");
        await row.ClickAsync();
        await Expect(row.Locator(".badge")).ToHaveCountAsync(0);
        await Expect(alice.Log.Locator(".divider")).ToHaveTextAsync("New");
        await Expect(alice.Messages).ToHaveTextAsync(["one", "two"]);
    }

    [BrowserFact]
    public async Task Should_keep_rooms_apart_when_a_guest_is_in_two()
    {
        var room = GuestOptions.NewRoom();
        await using var alice = await browser.OpenAsync();
        await using var bob = await browser.OpenAsync(new() { Room = room });

        await alice.Page.Locator("#join-name").FillAsync(room);
        await alice.Page.Locator("#join-name").PressAsync("Enter");
        await Expect(bob.Members).ToHaveCountAsync(2);
        await bob.SayAsync($"only in {room}");
        await alice.ShouldSeeAsync($"only in {room}");

        await alice.Page.Locator("#rooms .room", new() { HasText = "lobby" }).ClickAsync();
        await Expect(alice.Messages.Filter(new() { HasText = $"only in {room}" })).ToHaveCountAsync(0);
    }

    [BrowserFact]
    public async Task Should_be_in_its_rooms_again_when_the_page_is_reloaded()
    {
        var room = GuestOptions.NewRoom();
        await using var alice = await browser.OpenAsync(new() { Path = "/" });
        await alice.Page.Locator("#join-name").FillAsync(room);
        await alice.Page.Locator("#join-name").PressAsync("Enter");
        await alice.ShouldBeInRoomAsync();

        await alice.Page.ReloadAsync();
        await alice.ShouldBeInRoomAsync();

        await Expect(alice.Page.Locator("#room-title bdi")).ToHaveTextAsync(room);
        await Expect(alice.Page.Locator("#rooms .room.joined")).ToHaveCountAsync(2);
    }

    [BrowserFact]
    public async Task Should_be_gone_from_the_list_when_a_guest_leaves_a_room()
    {
        var room = GuestOptions.NewRoom();
        await using var alice = await browser.OpenAsync(new() { Room = room });
        await using var bob = await browser.OpenAsync(new() { Room = room });
        await Expect(alice.Members).ToHaveCountAsync(2);

        await bob.Page.Locator("#room-leave").ClickAsync();

        await Expect(alice.Members).ToHaveTextAsync([await alice.NameAsync()]);
        await Expect(bob.Page.Locator("#room-title bdi")).ToHaveTextAsync("lobby");
    }

    [BrowserTheory]
    [InlineData("a/b")]
    [InlineData("a|b")]
    [InlineData("一二三四五六七八九十一二三四五六七八九十一二")]
    public async Task Should_say_why_when_a_room_cannot_have_that_name(string name)
    {
        await using var guest = await browser.OpenAsync();

        await guest.Page.Locator("#join-name").FillAsync(name);
        await guest.Page.Locator("#join-name").PressAsync("Enter");

        await Expect(guest.Page.Locator("#join-error")).ToHaveTextAsync("A room name has 1–64 bytes, without / and |.");
        await Expect(guest.Page.Locator("#rooms .room")).ToHaveCountAsync(1);
    }

    [BrowserFact]
    public async Task Should_stay_with_older_lines_when_new_ones_come()
    {
        var room = GuestOptions.NewRoom();
        await using var alice = await browser.OpenAsync(new() { Room = room });
        await using var bob = await browser.OpenAsync(new() { Room = room });
        for (var i = 0; i < 30; i++) await bob.SayAsync($"line {i}");
        await alice.ShouldSeeAsync("line 29");
        await alice.Log.EvaluateAsync("log => { log.scrollTop = 0; }");
        var pill = alice.Page.Locator("#pill");
        await Expect(pill).ToHaveTextAsync("To the newest message");

        await bob.SayAsync("the newest");

        await Expect(pill).ToHaveTextAsync("1 new message");
        (await alice.Log.EvaluateAsync<int>("log => log.scrollTop")).ShouldBe(0);
        await pill.ClickAsync();
        await Expect(alice.Messages.Last).ToBeInViewportAsync();
        await Expect(pill).ToBeHiddenAsync();
    }
}
