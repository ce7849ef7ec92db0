using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Im.Tests.Browser;

/// <summary>The page and a real node that asks for tokens.</summary>
[Collection(BrowserTests.Name)]
public sealed class JwtPageSpecs(ChatPageFixture browser) : IAsyncLifetime
{
    private readonly HostedNode _node = new("--Im:Auth:Mode=jwt");

    public async Task InitializeAsync()
    {
        if (ChromiumPath.WhyNotRun() is null) await _node.InitializeAsync();
    }

    public async Task DisposeAsync()
    {
        if (ChromiumPath.WhyNotRun() is null) await _node.DisposeAsync();
    }

    [BrowserFact]
    public async Task Should_chat_under_the_names_of_their_tokens_when_two_sign_in()
    {
        await using var alice = await OpenAsync(_node.TokenOf("alice"));
        await using var bob = await OpenAsync(_node.TokenOf("bob"));

        await alice.SayAsync("hello");
        await bob.ShouldSeeAsync("hello");

        await Expect(bob.Log.Locator(".other .name")).ToHaveTextAsync(["alice"]);
        await Expect(alice.Members).ToContainTextAsync(["alice", "bob"]);
        alice.Complaints.ShouldBeEmpty();
        bob.Complaints.ShouldBeEmpty();
    }

    [BrowserFact]
    public async Task Should_stop_and_offer_to_sign_in_when_the_token_is_of_another_key()
    {
        await using var eve = await OpenAsync(SignInSpecs.TokenOf("alice"), online: false);

        await Expect(eve.Banner.Locator(".banner-text")).ToHaveTextAsync("Your sign-in is not valid any more.");
    }

    private Task<ChatPage> OpenAsync(string token, bool online = true) => browser.OpenAsync(new() { Path = $"/?appId=101#token={token}", Online = online }, _node);
}
