using Microsoft.Playwright;
using Xunit;

namespace Im.Tests.Browser;

/// <summary>One Chromium and one node for all browser tests; each page gets a browser context, a guest, of its own.</summary>
public sealed class ChatPageFixture : IAsyncLifetime
{
    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
    ];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    internal IChatNode Node { get; } = new HostedNode();

    /// <summary>Starts nothing on a machine without a browser, where every test of the collection is reported as not run.</summary>
    public async Task InitializeAsync()
    {
        if (ChromiumPath.WhyNotRun() is not null) return;
        await Node.InitializeAsync();
        _playwright = await Playwright.CreateAsync();
        Assertions.SetDefaultExpectTimeout(ChatPage.PatienceMs);
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = ChromiumPath.Value, Args = Arguments, Timeout = 2 * ChatPage.PatienceMs });
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
        if (ChromiumPath.WhyNotRun() is null) await Node.DisposeAsync();
    }

    /// <summary>Opens the page as a new guest.</summary>
    /// <param name="node">Another node than the collection's.</param>
    internal Task<ChatPage> OpenAsync(GuestOptions? options = null, IChatNode? node = null) => ChatPage.OpenAsync(_browser!, node ?? Node, options ?? new GuestOptions());
}

[CollectionDefinition(Name)]
public sealed class BrowserTests : ICollectionFixture<ChatPageFixture>
{
    public const string Name = "browser";
}
