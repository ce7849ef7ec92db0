using System.Net;
using Im.Node.Security;
using Im.Tests.Compat;
using Shouldly;
using Xunit;

namespace Im.Tests.Security;

public sealed class OriginGuardSpecs
{
    [Theory]
    [InlineData("http://127.0.0.1:{port}")]
    [InlineData("http://localhost:{port}")]
    [InlineData("http://[::1]:{port}")]
    [InlineData("https://127.0.0.1:{port}")]
    [InlineData("https://im.example.org")]
    public async Task Should_serve_a_post_when_our_own_page_sends_it(string origin) => (await PostAsync(origin)).ShouldBe(HttpStatusCode.OK);

    [Theory]
    [InlineData("http://127.0.0.1:1")]
    [InlineData("http://localhost")]
    [InlineData("https://partner.example")]
    [InlineData("https://evil.im.example.org")]
    [InlineData("http://127.0.0.1:{port}/")]
    [InlineData("http://127.0.0.1:{port}/x")]
    [InlineData("http://u@127.0.0.1:{port}")]
    [InlineData("ws://127.0.0.1:{port}")]
    [InlineData("null")]
    [InlineData("")]
    [InlineData("127.0.0.1:{port}")]
    public async Task Should_answer_403_when_another_site_posts(string origin) => (await PostAsync(origin)).ShouldBe(HttpStatusCode.Forbidden);

    [Fact]
    public async Task Should_not_reach_the_broker_when_another_site_posts()
    {
        await using var node = await CompatHost.StartAsync();
        using var request = Post("https://evil.example");
        using var response = await node.Client.SendAsync(request);

        node.Broker.ConversationPushes.ShouldBeEmpty();
    }

    private static async Task<HttpStatusCode> PostAsync(string origin)
    {
        await using var node = await CompatHost.StartAsync(
            security: new SecuritySettings { PublicUrl = new Uri("wss://im.example.org/acc"), AllowedOrigins = ["https://partner.example"] });
        using var request = Post(origin.Replace("{port}", node.Http.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal));
        using var response = await node.Client.SendAsync(request);
        return response.StatusCode;
    }

    private static HttpRequestMessage Post(string origin)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/user/sendMessageAll")
        {
            Content = new FormUrlEncodedContent([new("appId", "101"), new("userId", "alice"), new("message", "hi")]),
        };
        request.Headers.TryAddWithoutValidation("Origin", origin);
        return request;
    }
}
