using System.Net;
using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace Im.Tests.Ingress;

/// <summary>The page at /docs works without a key and asks nobody but this node for anything.</summary>
public sealed partial class DocsPageSpecs(IngressHost host) : IClassFixture<IngressHost>
{
    [Fact]
    public async Task Should_refer_to_this_node_only()
    {
        var (_, html) = await PageAsync();

        References().Matches(html).Select(match => match.Groups[1].Value).ShouldBe(["scalar.js", "scalar.aspnetcore.js"]);
        html.ShouldNotContain("://");
    }

    [Theory]
    [InlineData("/docs/scalar.js")]
    [InlineData("/docs/scalar.aspnetcore.js")]
    [InlineData("/openapi/v1.json")]
    public async Task Should_serve_what_the_page_refers_to(string path)
    {
        using var anonymous = new HttpClient();
        using var response = await anonymous.GetAsync(host.HttpAddress + path);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await response.Content.ReadAsByteArrayAsync()).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Should_allow_no_source_but_this_node()
    {
        var (policy, _) = await PageAsync();

        var sources = policy.Split(';').Select(directive => directive.Trim().Split(' ')).ToDictionary(parts => parts[0], parts => parts[1..]);
        sources["default-src"].ShouldBe(["'none'"]);
        sources["connect-src"].ShouldBe(["'self'"]);
        sources["script-src"].Where(source => !source.StartsWith("'nonce-", StringComparison.Ordinal)).ShouldBe(["'self'"]);
        sources.Values.SelectMany(source => source).ShouldAllBe(source => source.StartsWith('\'') || source == "data:");
    }

    [Fact]
    public async Task Should_mark_its_scripts_with_a_nonce_of_this_answer()
    {
        var (policy, html) = await PageAsync();
        var (another, _) = await PageAsync();
        var nonce = Nonce().Match(policy).Groups[1].Value;

        nonce.Length.ShouldBe(32);
        Scripts().Matches(html).Select(match => match.Value).ShouldAllBe(script => script.Contains($"nonce=\"{nonce}\"", StringComparison.Ordinal));
        another.ShouldNotContain(nonce);
    }

    [Fact]
    public async Task Should_turn_off_what_would_ask_others()
    {
        var (_, html) = await PageAsync();

        foreach (var setting in new[] { "\"withDefaultFonts\":false", "\"telemetry\":false", "\"agent\":{\"disabled\":true}", "\"mcp\":{\"disabled\":true}" }) html.ShouldContain(setting);
        html.ShouldNotContain("proxyUrl");
    }

    private async Task<(string Policy, string Html)> PageAsync()
    {
        using var anonymous = new HttpClient();
        using var response = await anonymous.GetAsync(host.HttpAddress + "/docs");
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        return (response.Headers.GetValues("Content-Security-Policy").Single(), await response.Content.ReadAsStringAsync());
    }

    [GeneratedRegex("""(?:src|href)="([^"]+)" """)]
    private static partial Regex References();

    [GeneratedRegex("<script[^>]*>")]
    private static partial Regex Scripts();

    [GeneratedRegex("'nonce-([0-9A-F]+)'")]
    private static partial Regex Nonce();
}
