using System.Collections.Concurrent;
using System.Text.Json;
using Im.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Im.Tests.Browser;

/// <summary>One open page as a test handles it, in the words of a user; waits are Playwright's, bounded by its time-outs.</summary>
internal sealed class ChatPage : IAsyncDisposable
{
    /// <summary>Of every wait: longer than the page's longest pause before it connects again.</summary>
    public const float PatienceMs = 60_000;

    private readonly ConcurrentQueue<string> _complaints = [];

    private ChatPage(IPage page)
    {
        Page = page;
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning") _complaints.Enqueue($"{message.Type}: {message.Text}");
        };
        page.PageError += (_, error) => _complaints.Enqueue($"uncaught: {error}");
    }

    public IPage Page { get; }

    /// <summary>Console errors and warnings (violations of the content security policy are among them) and uncaught errors so far.</summary>
    public IReadOnlyCollection<string> Complaints => _complaints;

    public ILocator Composer => Page.Locator("#composer-text");

    public ILocator Messages => Page.Locator("#log .text");

    public ILocator OwnMessages => Page.Locator("#log .own .text");

    public ILocator Log => Page.Locator("#log");

    public ILocator State => Page.Locator("#state");

    public ILocator Banner => Page.Locator("#banner");

    public ILocator Members => Page.Locator("#members .member-name");

    public static async Task<ChatPage> OpenAsync(IBrowser browser, IChatNode node, GuestOptions options)
    {
        var context = await browser.NewContextAsync(new()
        {
            BaseURL = node.Page.ToString(),
            Locale = options.Locale,
            ViewportSize = options.Viewport,
            ColorScheme = options.ColorScheme,
            HasTouch = options.IsPhone,
            IsMobile = options.IsPhone,
            Permissions = ["clipboard-read", "clipboard-write"],
        });
        context.SetDefaultTimeout(PatienceMs);
        if (options.Relay is { } relay) await RelayedContext.RouteAsync(context, node, relay.Port);
        if (options.Script is { } script) await script.ServeAsync(context, options.Mode);
        if (options.Name is { } name) await context.AddInitScriptAsync($"sessionStorage.getItem('im.name') ?? sessionStorage.setItem('im.name', {JsonSerializer.Serialize(name)});");
        var chat = new ChatPage(await context.NewPageAsync());
        await chat.Page.GotoAsync(options.Path ?? $"/?appId=101{(options.Room is null ? "" : $"&room={Uri.EscapeDataString(options.Room)}")}");
        if (options.Online) await chat.ShouldBeInRoomAsync();
        return chat;
    }

    /// <summary>The row of a conversation in the list.</summary>
    public ILocator Row(string name) => Page.Locator(".room", new() { HasText = name });

    /// <summary>Opens another tab of the same browser.</summary>
    public async Task<ChatPage> OpenTabAsync(string path)
    {
        var tab = new ChatPage(await Page.Context.NewPageAsync());
        await tab.Page.GotoAsync(path);
        await tab.ShouldBeInRoomAsync();
        return tab;
    }

    public Task<string> NameAsync() => Page.Locator("#me .me-name").InnerTextAsync();

    /// <summary>Writes a line and presses Enter.</summary>
    public async Task SayAsync(string text)
    {
        await Composer.FillAsync(text);
        await Composer.PressAsync("Enter");
    }

    /// <summary>Logged in, and the join of the active room is answered: its note stands in the log.</summary>
    public async Task ShouldBeInRoomAsync()
    {
        try
        {
            await Expect(Page.Locator("html")).ToHaveAttributeAsync("data-connection", "online");
            await Expect(Page.Locator("#rooms .room.joined[aria-current]")).ToHaveCountAsync(1);
        }
        catch (PlaywrightException exception)
        {
            throw new PlaywrightException($"{exception.Message}{Environment.NewLine}The page complained of: {string.Join(Environment.NewLine, _complaints)}", exception);
        }
    }

    /// <summary>Back now, unless the page was faster by itself.</summary>
    public async Task ComeBackAsync()
    {
        await Page.EvaluateAsync("document.querySelector('#banner:not([hidden]) button')?.click()");
        await ShouldBeInRoomAsync();
    }

    public Task ShouldSeeAsync(string text) =>
        Expect(Messages.Filter(new() { HasText = text })).ToHaveCountAsync(1);

    /// <summary>From now on every text is kept that the element shows, for those that are there for a moment only.</summary>
    public Task WatchAsync(string id) => Page.EvaluateAsync(
        """
        id => {
          const element = document.getElementById(id);
          const shown = (window.shownTexts ??= {})[id] = [];
          new MutationObserver(() => element.hidden || shown.push(element.textContent)).observe(element, { attributes: true, characterData: true, childList: true, subtree: true });
        }
        """,
        id);

    /// <summary>The element has shown this since <see cref="WatchAsync"/>.</summary>
    public async Task ShouldHaveShownAsync(string id, string text)
    {
        string[] shown = [];
        await Until.TrueAsync(
            async () => (shown = await Page.EvaluateAsync<string[]>("id => window.shownTexts[id]", id)).Any(each => each.Contains(text, StringComparison.Ordinal)),
            () => $"#{id} showed {string.Join(" | ", shown)}");
    }

    public async ValueTask DisposeAsync() => await Page.Context.DisposeAsync();
}
