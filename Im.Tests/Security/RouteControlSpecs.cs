using Im.Node.Compat;
using Im.Tests.Compat;
using Shouldly;
using Xunit;

namespace Im.Tests.Security;

/// <summary>Host, origin and headers, for each route of the seed's API in both modes.</summary>
public sealed class RouteControlSpecs
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task Should_answer_421_on_every_route_when_the_host_is_not_ours(bool open) => CheckAsync(open, static controls => controls.RefuseUnknownHostsAsync(CompatHost.ApiKey));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task Should_answer_403_on_every_unsafe_route_when_the_origin_is_foreign(bool open) => CheckAsync(open, static controls => controls.RefuseForeignOriginsAsync(CompatHost.ApiKey));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task Should_carry_the_security_headers_on_every_route_when_answering(bool open) => CheckAsync(open, static controls => controls.CarryHeadersAsync());

    [Fact]
    public Task Should_let_programs_pass_on_every_route_when_they_send_no_origin() => CheckAsync(open: true, static controls => controls.LetProgramsPassAsync());

    [Fact]
    public Task Should_find_the_routes_when_they_are_enumerated() => CheckAsync(open: true, static controls =>
    {
        controls.Routes.ShouldContain(new RouteCase("POST", "/user/sendMessageAll", false));
        controls.Routes.ShouldContain(new RouteCase("GET", "/", false));
        controls.Routes.ShouldContain(new RouteCase("POST", "/protobuf.AccServer/SendMsg", true));
        return Task.CompletedTask;
    });

    private static async Task CheckAsync(bool open, Func<RouteControls, Task> check)
    {
        await using var host = await CompatHost.StartAsync(new CompatSettings { Open = open });
        await check(new RouteControls(host.Client, host.Services, host.Http, host.Grpc));
    }
}
