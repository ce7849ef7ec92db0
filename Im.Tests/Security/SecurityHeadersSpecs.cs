using Im.Node.Security;
using Im.Tests.Compat;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace Im.Tests.Security;

public sealed class SecurityHeadersSpecs
{
    [Theory]
    [InlineData("127.0.0.1", null, "ws://127.0.0.1:8089/acc")]
    [InlineData("localhost:1234", null, "ws://localhost:8089/acc")]
    [InlineData("[::1]", null, "ws:")]
    [InlineData("127.0.0.1", "wss://im.example.org/acc", "wss://im.example.org/acc")]
    [InlineData("127.0.0.1", "wss://im.example.org", "wss://im.example.org/acc")]
    public async Task Should_allow_scripts_of_our_own_and_the_one_socket_when_a_page_is_served(string host, string? publicUrl, string socket)
    {
        await using var node = await CompatHost.StartAsync(security: new SecuritySettings { PublicUrl = publicUrl is null ? null : new Uri(publicUrl) });

        (await PolicyAsync(node, "/", host)).ShouldBe(
            $"default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self' {socket}; "
            + "object-src 'none'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'");
    }

    [Fact]
    public async Task Should_name_the_sites_that_may_embed_the_page_when_there_are_any()
    {
        await using var node = await CompatHost.StartAsync(security: new SecuritySettings { EmbeddingOrigins = ["https://intranet.example.org", "https://other.example:8443"] });

        (await PolicyAsync(node, "/", "127.0.0.1")).ShouldContain("; frame-ancestors https://intranet.example.org https://other.example:8443; ");
    }

    [Fact]
    public async Task Should_take_a_routes_own_policy_when_it_has_one()
    {
        await using var node = await CompatHost.StartAsync(map: static app =>
            app.MapGet("/docs", static () => "docs").WithMetadata(new CspMetadata("default-src 'none'")));

        (await PolicyAsync(node, "/docs", "localhost")).ShouldBe("default-src 'none'");
    }

    [Theory]
    [InlineData("/chat.js")]
    [InlineData("/config.json")]
    [InlineData("/missing")]
    [InlineData("/throw")]
    [InlineData("/api/throw")]
    public async Task Should_be_on_the_answer_when_it_is_a_file_or_an_error(string path)
    {
        await using var node = await CompatHost.StartAsync(map: static app =>
        {
            app.MapGet("/throw", Throw);
            app.MapGet("/api/throw", Throw);
        });
        using var response = await node.Client.GetAsync(new Uri(path, UriKind.Relative));

        RouteControls.ShouldCarryHeaders(response, path);
    }

    private static string Throw(HttpContext context) => throw new InvalidOperationException(context.Request.Path);

    private static async Task<string> PolicyAsync(CompatHost node, string path, string host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Host = host } };
        using var response = await node.Client.SendAsync(request);
        return response.Headers.GetValues("Content-Security-Policy").Single();
    }
}
