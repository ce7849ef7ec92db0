using Im.Node.Security;
using Im.Tests.Compat;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace Im.Tests.Security;

public sealed class ViaKnownProxySpecs
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.0/8")]
    public async Task Should_believe_the_forwarded_headers_when_a_known_proxy_sends_them(string proxy)
    {
        await using var node = await StartAsync(proxy);

        (await GetAsync(node, "/who")).ShouldBe("203.0.113.9 https");
        (await GetAsync(node, "/config.json")).ShouldContain("\"webSocketUrl\":\"wss://localhost:9000/acc\"");
    }

    [Theory]
    [InlineData("10.0.0.1")]
    [InlineData(null)]
    public async Task Should_ignore_the_forwarded_headers_when_anybody_else_sends_them(string? proxy)
    {
        await using var node = await StartAsync(proxy);

        (await GetAsync(node, "/who")).ShouldBe("127.0.0.1 http");
        (await GetAsync(node, "/config.json")).ShouldContain("\"webSocketUrl\":\"ws://localhost:8089/acc\"");
    }

    [Fact]
    public async Task Should_keep_the_host_when_a_known_proxy_forwards_another()
    {
        await using var node = await StartAsync("127.0.0.1");
        using var request = Request("/config.json");
        request.Headers.Add("X-Forwarded-Host", "evil.example");
        using var response = await node.Client.SendAsync(request);

        (await response.Content.ReadAsStringAsync()).ShouldNotContain("evil");
    }

    private static Task<CompatHost> StartAsync(string? proxy) => CompatHost.StartAsync(
        security: new SecuritySettings { KnownProxies = proxy is null ? [] : [proxy] },
        map: static app => app.MapGet("/who", static (HttpContext context) => $"{context.Connection.RemoteIpAddress} {context.Request.Scheme}"));

    private static async Task<string> GetAsync(CompatHost node, string path)
    {
        using var request = Request(path);
        using var response = await node.Client.SendAsync(request);
        return await response.Content.ReadAsStringAsync();
    }

    private static HttpRequestMessage Request(string path)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Host = "localhost:9000" } };
        request.Headers.Add("X-Forwarded-For", "203.0.113.9");
        request.Headers.Add("X-Forwarded-Proto", "https");
        return request;
    }
}
