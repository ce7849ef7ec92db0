using System.Net;
using System.Net.Http.Headers;
using Im.Node.Compat;
using Im.Node.Security;
using Shouldly;
using Xunit;

namespace Im.Tests.Compat;

public sealed class PageSpecs : CompatSpecs
{
    [Theory]
    [InlineData("/", "text/html; charset=utf-8")]
    [InlineData("/home/index", "text/html; charset=utf-8")]
    [InlineData("/home/index?appId=102", "text/html; charset=utf-8")]
    [InlineData("/index.html", "text/html; charset=utf-8")]
    [InlineData("/chat.js", "text/javascript; charset=utf-8")]
    public async Task Should_serve_a_file_with_type_and_etag_when_asked(string path, string type)
    {
        using var response = await Host.Client.GetAsync(new Uri(path, UriKind.Relative));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType?.ToString().ShouldBe(type);
        response.Headers.CacheControl?.ToString().ShouldBe("no-cache");
        response.Headers.ETag.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/chat.js")]
    public async Task Should_answer_304_when_the_browser_has_the_same(string path)
    {
        using var first = await Host.Client.GetAsync(new Uri(path, UriKind.Relative));
        using var again = new HttpRequestMessage(HttpMethod.Get, path);
        again.Headers.IfNoneMatch.Add(EntityTagHeaderValue.Parse(first.Headers.ETag!.ToString()));
        using var second = await Host.Client.SendAsync(again);

        second.StatusCode.ShouldBe(HttpStatusCode.NotModified);
    }

    [Theory]
    [InlineData("/..%2fsecret")]
    [InlineData("/%2e%2e/%2e%2e/etc/passwd")]
    [InlineData("/missing.js")]
    public async Task Should_answer_404_when_there_is_no_such_file(string path)
    {
        using var response = await Host.Client.GetAsync(new Uri(path, UriKind.Relative));

        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Should_tell_the_page_what_it_needs_when_it_asks_for_its_configuration() =>
        (await Host.GetTextAsync("/config.json")).ShouldBe("""{"webSocketUrl":"ws://127.0.0.1:8089/acc","mode":"guest","apps":[101,102,103,104],"version":"0.1.0"}""");

    [Fact]
    public async Task Should_name_the_public_url_when_one_is_set()
    {
        await using var host = await CompatHost.StartAsync(
            new CompatSettings { Open = false, Mode = "jwt", Apps = [7] }, new SecuritySettings { PublicUrl = new Uri("wss://im.example.org/acc") });

        (await host.GetTextAsync("/config.json")).ShouldBe("""{"webSocketUrl":"wss://im.example.org/acc","mode":"jwt","apps":[7],"version":"0.1.0"}""");
    }
}
