using Im.Protocol;
using Im.Protocol.Names;
using Shouldly;
using Xunit;

namespace Im.Tests.Browser;

/// <summary>The page's modules by themselves, run where they run: in the browser.</summary>
[Collection(BrowserTests.Name)]
public sealed class PageModuleSpecs(ChatPageFixture browser)
{
    [BrowserFact]
    public async Task Should_judge_every_close_code_as_the_server_does_when_they_are_compared()
    {
        await using var page = await browser.OpenAsync(new() { Online = false });
        var codes = Enumerable.Range(1000, 4000).ToArray();

        var advice = await page.Page.EvaluateAsync<string[]>("async codes => { const { closeAdvice } = await import('/js/sdk/protocol.js'); return codes.map(closeAdvice); }", codes);

        advice.ShouldBe(codes.Select(code => CloseCodes.Advice(code) switch
        {
            CloseAdvice.Stop => "stop",
            CloseAdvice.ReconnectNow => "now",
            _ => "backOff",
        }));
    }

    [BrowserTheory]
    [InlineData("en")]
    [InlineData("zh")]
    public async Task Should_make_no_name_that_a_server_refuses_when_all_are_tried(string language)
    {
        await using var page = await browser.OpenAsync(new() { Online = false });

        var names = await page.Page.EvaluateAsync<string[]>("async language => [...(await import('/js/names.js')).allNames(language)]", language);

        names.Length.ShouldBeGreaterThan(2_000);
        names.ShouldBeUnique();
        names.Where(name => !UserId.TryParse(name, UserId.MaxLevel0Bytes, out _)).ShouldBeEmpty();
    }

    [BrowserFact]
    public async Task Should_wait_within_a_cap_that_doubles_to_30_seconds_when_it_backs_off()
    {
        await using var page = await browser.OpenAsync(new() { Online = false });

        var longest = await page.Page.EvaluateAsync<int[]>("""
            async () => {
              const { Backoff } = await import('/js/sdk/backoff.js');
              const backoff = new Backoff({ random: () => 1 });
              const waits = Array.from({ length: 8 }, () => backoff.next());
              backoff.reset();
              return [...waits, backoff.next(), new Backoff({ random: () => 0 }).next()];
            }
            """);

        longest.ShouldBe([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000, 1_000, 0]);
    }
}
