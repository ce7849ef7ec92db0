using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Im.Tests.Browser;

/// <summary>The chat page in a frame of another site, which hands it tokens by postMessage.</summary>
[Collection(BrowserTests.Name)]
public sealed class EmbeddedPageSpecs(ChatPageFixture browser) : IAsyncLifetime
{
    private WebApplication _site = null!;
    private HostedNode _node = null!;
    private string _html = "";

    private string Site => _site.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single().Replace("127.0.0.1", "localhost", StringComparison.Ordinal);

    public async Task InitializeAsync()
    {
        if (ChromiumPath.WhyNotRun() is not null) return;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        _site = builder.Build();
        _site.Urls.Add("http://127.0.0.1:0");
        _site.MapGet("/", () => Results.Content(_html, "text/html"));
        await _site.StartAsync();
    }

    public async Task DisposeAsync()
    {
        if (ChromiumPath.WhyNotRun() is not null) return;
        await _node.DisposeAsync();
        await _site.DisposeAsync();
    }

    [BrowserFact]
    public async Task Should_sign_in_by_the_embedding_sites_token_when_that_site_may_embed()
    {
        await using var page = await OpenAsync($"--Im:Http:EmbeddingOrigins:0={Site}");

        await Expect(page.Page.FrameLocator("#chat").Locator("html")).ToHaveAttributeAsync("data-connection", "online");
        await Expect(page.Page.FrameLocator("#chat").Locator("#me .me-name")).ToHaveTextAsync("alice");
    }

    [BrowserFact]
    public async Task Should_not_be_shown_when_another_site_embeds_it()
    {
        await using var page = await OpenAsync("--Im:Http:EmbeddingOrigins:0=https://intranet.example.org");

        await Support.Until.TrueAsync(() => page.Complaints.Any(complaint => complaint.Contains("frame-ancestors", StringComparison.Ordinal)));
        (await page.Page.FrameLocator("#chat").Locator("#composer-text").CountAsync()).ShouldBe(0);
    }

    private async Task<ChatPage> OpenAsync(string option)
    {
        _node = new HostedNode("--Im:Auth:Mode=jwt", option);
        await _node.InitializeAsync();
        _html = $$"""
            <!doctype html><title>Site</title><iframe id="chat" src="{{_node.Page}}?appId=101" width="900" height="600"></iframe>
            <script>
              addEventListener('message', event => {
                if (event.data?.type === 'im.token.wanted') event.source.postMessage({ type: 'im.token', token: '{{_node.TokenOf("alice")}}' }, event.origin);
              });
            </script>
            """;
        return await browser.OpenAsync(new() { Path = Site, Online = false }, _node);
    }
}
