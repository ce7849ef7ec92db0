using System.Net;
using Im.Tests.Compat;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace Im.Tests.Security;

public sealed class ErrorHandlerSpecs
{
    [Theory]
    [InlineData("/throw", "text/plain", "Internal server error.")]
    [InlineData("/api/v1/throw", "application/json", """{"code":13,"message":"Internal server error.","details":[]}""")]
    public async Task Should_say_nothing_of_the_inside_when_a_route_fails(string path, string type, string body)
    {
        await using var node = await StartAsync();
        using var response = await node.Client.GetAsync(new Uri(path, UriKind.Relative));

        response.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        response.Content.Headers.ContentType?.MediaType.ShouldBe(type);
        response.Headers.Contains("X-Inner").ShouldBeFalse();
        (await response.Content.ReadAsStringAsync()).ShouldBe(body);
    }

    [Fact]
    public async Task Should_answer_the_status_of_a_bad_request_when_reading_it_failed()
    {
        await using var node = await StartAsync();
        using var response = await node.Client.GetAsync(new Uri("/bad", UriKind.Relative));

        response.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await response.Content.ReadAsStringAsync()).ShouldBe("Request body too large.");
    }

    [Fact]
    public async Task Should_say_405_when_the_method_is_wrong_below_api()
    {
        await using var node = await StartAsync();
        using var response = await node.Client.DeleteAsync(new Uri("/api/v1/throw", UriKind.Relative));

        response.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
        (await response.Content.ReadAsStringAsync()).ShouldBe("""{"code":12,"message":"Method not allowed.","details":[]}""");
    }

    [Fact]
    public async Task Should_leave_an_error_alone_when_the_route_wrote_its_own()
    {
        await using var node = await StartAsync();
        using var response = await node.Client.GetAsync(new Uri("/own", UriKind.Relative));

        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await response.Content.ReadAsStringAsync()).ShouldBe("mine");
    }

    private static Task<CompatHost> StartAsync() => CompatHost.StartAsync(map: static app =>
    {
        app.MapGet("/throw", Throw);
        app.MapGet("/api/v1/throw", Throw);
        app.MapGet("/bad", static string () => throw new BadHttpRequestException("inner secret", StatusCodes.Status413PayloadTooLarge));
        app.MapGet("/own", static () => Results.Text("mine", statusCode: StatusCodes.Status404NotFound));
    });

    private static string Throw(HttpContext context)
    {
        context.Response.Headers["X-Inner"] = "1";
        throw new InvalidOperationException("inner secret");
    }
}
