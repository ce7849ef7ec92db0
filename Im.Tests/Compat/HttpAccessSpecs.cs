using System.Net;
using Im.Node.Compat;
using Shouldly;
using Xunit;

namespace Im.Tests.Compat;

public sealed class HttpAccessSpecs
{
    public static TheoryData<string, string> Routes => new()
    {
        { "GET", "/user/list?appId=101" },
        { "GET", "/user/online?userId=alice" },
        { "POST", "/user/sendMessage" },
        { "POST", "/user/sendMessageAll" },
        { "GET", "/system/state" },
    };

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Should_answer_401_when_a_key_is_needed_and_none_is_given(string method, string path)
    {
        await using var host = await CompatHost.StartAsync(new CompatSettings { Open = false });
        using var response = await SendAsync(host, method, path);

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        response.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
        (await response.Content.ReadAsStringAsync()).ShouldBe("""{"code":1003,"msg":"未授权","data":{}}""");
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Should_serve_when_the_key_is_given(string method, string path)
    {
        await using var host = await CompatHost.StartAsync(new CompatSettings { Open = false });
        using var response = await SendAsync(host, method, path, ("x-api-key", CompatHost.ApiKey));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Should_answer_403_when_the_key_lacks_the_scope(string method, string path)
    {
        await using var host = await CompatHost.StartAsync(new CompatSettings { Open = false });
        using var response = await SendAsync(host, method, path, ("x-api-key", CompatHost.SessionKey));

        response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await response.Content.ReadAsStringAsync()).ShouldBe("""{"code":1013,"msg":"Forbidden","data":{}}""");
    }

    [Theory]
    [InlineData("Authorization", "Bearer " + CompatHost.ApiKey, HttpStatusCode.OK)]
    [InlineData("Authorization", "bearer " + CompatHost.ApiKey, HttpStatusCode.OK)]
    [InlineData("X-API-KEY", CompatHost.ApiKey, HttpStatusCode.OK)]
    [InlineData("Authorization", "Bearer other", HttpStatusCode.Unauthorized)]
    [InlineData("Authorization", "Bearer ", HttpStatusCode.Unauthorized)]
    [InlineData("Authorization", CompatHost.ApiKey, HttpStatusCode.Unauthorized)]
    [InlineData("Authorization", "Basic " + CompatHost.ApiKey, HttpStatusCode.Unauthorized)]
    [InlineData("x-api-key", "K-SECRET", HttpStatusCode.Unauthorized)]
    [InlineData("x-api-key", "", HttpStatusCode.Unauthorized)]
    public async Task Should_read_the_key_from_either_header_when_presented(string header, string value, HttpStatusCode status)
    {
        await using var host = await CompatHost.StartAsync(new CompatSettings { Open = false });
        using var response = await SendAsync(host, "GET", "/user/list", (header, value));

        response.StatusCode.ShouldBe(status);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/home/index?appId=101")]
    [InlineData("/config.json")]
    [InlineData("/chat.js")]
    public async Task Should_serve_the_page_without_a_key_when_the_api_needs_one(string path)
    {
        await using var host = await CompatHost.StartAsync(new CompatSettings { Open = false });
        using var response = await SendAsync(host, "GET", path);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static Task<HttpResponseMessage> SendAsync(CompatHost host, string method, string path, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return host.Client.SendAsync(request);
    }
}
