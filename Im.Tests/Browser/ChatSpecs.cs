using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Im.Tests.Browser;

[Collection(BrowserTests.Name)]
public sealed class ChatSpecs(ChatPageFixture browser)
{
    [BrowserFact]
    public async Task Should_show_a_line_to_both_when_two_guests_chat()
    {
        var room = GuestOptions.NewRoom();
        await using var alice = await browser.OpenAsync(new() { Room = room });
        await using var bob = await browser.OpenAsync(new() { Room = room });

        await alice.SayAsync("Hello from the first page");
        await bob.ShouldSeeAsync("Hello from the first page");
        await bob.SayAsync("你好 👋");
        await alice.ShouldSeeAsync("你好 👋");

        await Expect(alice.OwnMessages).ToHaveTextAsync(["Hello from the first page"]);
        await Expect(bob.Log.Locator(".other .name").First).ToHaveTextAsync(await alice.NameAsync());
        alice.Complaints.ShouldBeEmpty();
        bob.Complaints.ShouldBeEmpty();
    }

    [BrowserFact]
    public async Task Should_be_in_the_lobby_under_a_random_name_when_the_page_opens()
    {
        await using var guest = await browser.OpenAsync();

        (await guest.NameAsync()).ShouldNotBeNullOrWhiteSpace();
        await Expect(guest.Page.Locator("#room-title bdi")).ToHaveTextAsync("lobby");
        await Expect(guest.State).ToHaveTextAsync("Online");
        await Expect(guest.Members.First).ToHaveTextAsync(await guest.NameAsync());
        guest.Complaints.ShouldBeEmpty();
    }

    [BrowserFact]
    public async Task Should_show_who_comes_and_goes_when_a_second_guest_joins_and_leaves()
    {
        var room = GuestOptions.NewRoom();
        await using var alice = await browser.OpenAsync(new() { Room = room });
        string name;
        await using (var bob = await browser.OpenAsync(new() { Room = room }))
        {
            name = await bob.NameAsync();
            await Expect(alice.Members).ToHaveTextAsync([await alice.NameAsync(), name]);
            await Expect(alice.Log.Locator(".system").Last).ToHaveTextAsync($"{name} joined");
        }

        await Expect(alice.Log.Locator(".system").Last).ToHaveTextAsync($"{name} left");
        await Expect(alice.Members).ToHaveTextAsync([await alice.NameAsync()]);
    }

    [BrowserFact]
    public async Task Should_keep_the_name_when_the_page_is_reloaded()
    {
        await using var guest = await browser.OpenAsync();
        var name = await guest.NameAsync();

        await guest.Page.ReloadAsync();
        await guest.ShouldBeInRoomAsync();

        (await guest.NameAsync()).ShouldBe(name);
    }

    [BrowserFact]
    public async Task Should_log_in_anew_when_the_guest_takes_another_name()
    {
        var room = GuestOptions.NewRoom();
        await using var alice = await browser.OpenAsync(new() { Room = room });
        await using var bob = await browser.OpenAsync(new() { Room = room });

        await bob.Page.Locator("#me").ClickAsync();
        await bob.Page.Locator("#profile-name").FillAsync($"Zoë {room}");
        await bob.Page.Locator("#profile-name").PressAsync("Enter");

        await Expect(alice.Members).ToHaveTextAsync([await alice.NameAsync(), $"Zoë {room}"]);
        await bob.ShouldBeInRoomAsync();
        await bob.SayAsync("same guest, new name");
        await Expect(alice.Log.Locator(".other .name").Last).ToHaveTextAsync($"Zoë {room}");
    }

    [BrowserTheory]
    [InlineData("/", "101")]
    [InlineData("/home/index", "101")]
    [InlineData("/home/index?appId=103", "103")]
    [InlineData("/home/index?APPID=102", "102")]
    [InlineData("/?appID=104", "104")]
    [InlineData("/home/index?appId=999", "101")]
    public async Task Should_take_the_app_from_the_address_when_the_page_opens(string path, string app)
    {
        await using var guest = await browser.OpenAsync(new() { Path = path });

        await Expect(guest.Page.Locator("#apps a[aria-current=page]")).ToContainTextAsync(app);
        await Expect(guest.Page).ToHaveTitleAsync($"lobby · ImAkka {app}");
    }
}
