using System.Net;
using Shouldly;
using Xunit;

namespace Im.Tests.Compat;

public sealed class NotFoundSpecs : CompatSpecs
{
    [Theory]
    [InlineData("GET", "/nothing")]
    [InlineData("GET", "/home")]
    [InlineData("GET", "/user")]
    [InlineData("POST", "/nothing")]
    [InlineData("POST", "/user/list")]
    [InlineData("POST", "/user/online")]
    [InlineData("GET", "/user/sendMessage")]
    [InlineData("GET", "/user/sendMessageAll")]
    [InlineData("PUT", "/user/sendMessage")]
    [InlineData("DELETE", "/system/state")]
    [InlineData("OPTIONS", "/user/list")]
    [InlineData("POST", "/home/index")]
    [InlineData("POST", "/config.json")]
    public async Task Should_answer_as_the_seed_when_path_or_method_does_not_exist(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var response = await Host.Client.SendAsync(request);

        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        response.Content.Headers.ContentType?.MediaType.ShouldBe("text/plain");
        response.Content.Headers.Allow.ShouldBeEmpty();
        (await response.Content.ReadAsStringAsync()).ShouldBe("404 page not found");
    }

    [Fact]
    public async Task Should_answer_a_status_in_json_when_the_path_is_below_api()
    {
        using var response = await Host.Client.GetAsync(new Uri("/api/v1/nothing", UriKind.Relative));

        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await response.Content.ReadAsStringAsync()).ShouldBe("""{"code":5,"message":"404 page not found","details":[]}""");
    }

    [Theory]
    [InlineData("/user/list")]
    [InlineData("/nothing")]
    public async Task Should_answer_head_with_404_and_no_body_when_the_seed_has_no_head(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, path);
        using var response = await Host.Client.SendAsync(request);

        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }
}
