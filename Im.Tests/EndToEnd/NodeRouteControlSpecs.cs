using Im.Tests.Security;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.EndToEnd;

/// <summary>Host, origin and headers on every route of a whole node, whichever part has mapped it.</summary>
public sealed class NodeRouteControlSpecs(NodeFixture node) : IClassFixture<NodeFixture>, IDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(60) };

    [Fact]
    public Task Should_answer_421_on_every_route_when_the_host_is_not_ours() => Controls().RefuseUnknownHostsAsync(node.ApiKey);

    [Fact]
    public Task Should_answer_403_on_every_unsafe_route_when_the_origin_is_foreign() => Controls().RefuseForeignOriginsAsync(node.ApiKey);

    [Fact]
    public Task Should_carry_the_security_headers_on_every_route_when_answering() => Controls().CarryHeadersAsync();

    [Fact]
    public void Should_find_the_routes_of_all_parts_when_they_are_enumerated()
    {
        var routes = Controls().Routes;

        routes.ShouldContain(static route => route.Path == "/healthz");
        routes.ShouldContain(static route => route.Path == "/metrics");
        routes.ShouldContain(static route => route.Path == "/user/sendMessage");
        routes.ShouldContain(static route => route.Path.StartsWith("/api/v1/apps/", StringComparison.Ordinal));
        routes.ShouldContain(static route => route.Path.StartsWith("/im.ingress.v1.PushService/", StringComparison.Ordinal) && route.IsGrpc);
    }

    public void Dispose() => _client.Dispose();

    private RouteControls Controls() => new(_client, node.Services, node.Http, node.Grpc);
}
