using System.Text;
using System.Text.Json;
using Im.Tests.Support;
using Microsoft.Playwright;
using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Im.Tests.Browser;

/// <summary>The page where the server wants to know who comes.</summary>
[Collection(BrowserTests.Name)]
public sealed class SignInSpecs(ChatPageFixture browser)
{
    [BrowserFact]
    public async Task Should_be_signed_in_and_hide_the_token_when_the_address_carries_one()
    {
        var script = new ScriptedServer();
        await using var alice = await browser.OpenAsync(new() { Script = script, Mode = "jwt", Path = $"/?appId=101#token={TokenOf("alice")}" });

        await Expect(alice.Page.Locator("#me .me-name")).ToHaveTextAsync("alice");
        alice.Page.Url.ShouldEndWith("/?appId=101");
        ((string)script.DataOf("login")[0]!["serviceToken"]!).ShouldBe(TokenOf("alice"));
        script.DataOf("login")[0]!["userId"].ShouldBeNull();
        await alice.Page.ReloadAsync();
        await alice.ShouldBeInRoomAsync();
        alice.Complaints.ShouldBeEmpty();
    }

    [BrowserFact]
    public async Task Should_ask_for_a_token_when_there_is_none()
    {
        var script = new ScriptedServer();
        await using var alice = await browser.OpenAsync(new() { Script = script, Mode = "jwt", Online = false });
        var field = alice.Page.GetByRole(AriaRole.Textbox, new() { Name = "Token" });

        await field.FillAsync("nonsense");
        await alice.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await Expect(alice.Page.Locator("#sign-in-error")).ToHaveTextAsync("That is no token.");
        await field.FillAsync(TokenOf("赵敏"));
        await alice.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();

        await alice.ShouldBeInRoomAsync();
        await Expect(alice.Page.Locator("#me .me-name")).ToHaveTextAsync("赵敏");
    }

    [BrowserFact]
    public async Task Should_offer_to_sign_in_again_when_the_token_is_refused()
    {
        var script = new ScriptedServer { LoginCode = 1011 };
        await using var alice = await browser.OpenAsync(new() { Script = script, Mode = "jwt", Path = $"/#token={TokenOf("alice")}", Online = false });
        await Expect(alice.Banner.Locator(".banner-text")).ToHaveTextAsync("Your sign-in is not valid any more.");

        await alice.Banner.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        script.LoginCode = 200;
        await alice.Page.Locator("#sign-in-token").FillAsync(TokenOf("alice"));
        await alice.Page.Locator("#sign-in-form button").ClickAsync();

        await alice.ShouldBeInRoomAsync();
    }

    [BrowserFact]
    public async Task Should_see_the_same_in_both_when_a_user_has_two_tabs()
    {
        var script = new ScriptedServer();
        var path = $"/?appId=101&room=tea#token={TokenOf("alice")}";
        await using var first = await browser.OpenAsync(new() { Script = script, Mode = "jwt", Path = path });
        var second = await first.OpenTabAsync(path);
        script.Say("p:alice|bob", "bob", "hello both");
        await Expect(first.Row("bob").Locator(".badge .sr")).ToHaveTextAsync("1 unread");
        await Expect(second.Row("bob").Locator(".badge .sr")).ToHaveTextAsync("1 unread");

        await first.SayAsync("from the first tab");
        await Expect(second.OwnMessages).ToHaveTextAsync(["from the first tab"]);
        await second.Row("bob").ClickAsync();

        await Expect(first.Row("bob").Locator(".badge")).ToHaveCountAsync(0);
        script.Connections.Select(each => each.Device).Distinct().Count().ShouldBe(2);
    }

    [BrowserFact]
    public async Task Should_send_what_a_closed_tab_left_when_another_tab_of_the_user_is_there()
    {
        var script = new ScriptedServer();
        var path = $"/?appId=101&room=tea#token={TokenOf("alice")}";
        await using var first = await browser.OpenAsync(new() { Script = script, Mode = "jwt", Path = path });
        script.Silent = true;
        for (var i = 1; i <= 3; i++) await first.SayAsync($"left {i}");
        await Expect(first.Log.Locator(".row.sending")).ToHaveCountAsync(3);
        await Until.TrueAsync(() => script.DataOf("msg").Count == 3);
        script.Silent = false;
        var context = first.Page.Context;
        await first.Page.CloseAsync();

        var page = await context.NewPageAsync();
        await page.GotoAsync(path);

        await Expect(page.Locator("#log .own .text")).ToHaveTextAsync(["left 1", "left 2", "left 3"]);
        await Expect(page.Locator("#log .row.sent")).ToHaveCountAsync(3);
        script.Conversation("r:tea").Head.ShouldBe(3);
    }

    [BrowserTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Should_take_a_new_token_only_when_the_embedding_page_itself_gives_it(bool fromEmbedder)
    {
        var script = new ScriptedServer();
        await using var alice = await browser.OpenAsync(new() { Script = script, Mode = "jwt", Path = "/home/index", Online = false });

        // Another window stands for the embedding page; nothing may embed the real one.
        var taken = await alice.Page.EvaluateAsync<string>("""
            async ([token, fromEmbedder]) => {
              const { SessionToken } = await import('/js/session-token.js');
              const embedder = document.body.appendChild(document.createElement('iframe')).contentWindow;
              Object.defineProperty(window, 'parent', { value: embedder });
              embedder.addEventListener('message', ({ data }) => {
                if (data.type !== 'im.token.wanted' || data.reason !== 'expiring') return;
                dispatchEvent(new MessageEvent('message', { source: fromEmbedder ? embedder : window, data: { type: 'im.token', token } }));
              });
              return await Promise.race([new SessionToken({ onChange: () => {} }).ask('expiring'), new Promise(resolve => setTimeout(resolve, fromEmbedder ? 60000 : 1000, 'none'))]);
            }
            """, new object[] { TokenOf("alice"), fromEmbedder });

        taken.ShouldBe(fromEmbedder ? TokenOf("alice") : "none");
    }

    internal static string TokenOf(string user) =>
        $"{Encode("""{"alg":"HS256"}""")}.{Encode(JsonSerializer.Serialize(new { sub = user }))}.{Encode("signature")}";

    private static string Encode(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
