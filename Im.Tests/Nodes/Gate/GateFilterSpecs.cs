using Im.Actors.Nodes.Gate;
using Im.Node.Clustering.Staying;
using Im.Node.Ingress.ApiKeys;
using Im.Node.Security;
using Im.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Im.Tests.Nodes.Gate;

public sealed class GateFilterSpecs : ActorSpecs
{
    private readonly FakeTimeProvider _time = new();
    private readonly GateFilter _filter;
    private int _passed;

    public GateFilterSpecs()
    {
        NodeGate.Of(Sys).Start(_time, TimeSpan.FromSeconds(4));
        _filter = new GateFilter(
            _ =>
            {
                _passed++;
                return Task.CompletedTask;
            },
            Sys);
    }

    [Theory]
    [InlineData("/api/v1/users/alice/push")]
    [InlineData("/user/online")]
    public async Task Should_let_pass_when_the_gate_is_open(string path)
    {
        await _filter.InvokeAsync(Request(path));

        _passed.ShouldBe(1);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/readyz")]
    [InlineData("/metrics")]
    [InlineData("/config.json")]
    public async Task Should_let_pages_and_probes_pass_when_it_is_closed(string path)
    {
        _time.Advance(TimeSpan.FromSeconds(5));

        await _filter.InvokeAsync(Request(path));

        _passed.ShouldBe(1);
    }

    [Theory]
    [InlineData("/api/v1/users/alice/push")]
    [InlineData("/system/state")]
    public async Task Should_answer_503_when_it_is_closed(string path)
    {
        _time.Advance(TimeSpan.FromSeconds(5));
        var context = Request(path);

        await _filter.InvokeAsync(context);

        _passed.ShouldBe(0);
        context.Response.StatusCode.ShouldBe(503);
        context.Response.Headers.RetryAfter.ToString().ShouldBe("1");
        Body(context).ShouldContain("\"code\": 14");
    }

    [Fact]
    public async Task Should_answer_unavailable_to_grpc_when_it_is_closed()
    {
        _time.Advance(TimeSpan.FromSeconds(5));
        var context = Request("/im.ingress.v1.PushService/PushToUser");
        context.Request.ContentType = "application/grpc";

        await _filter.InvokeAsync(context);

        _passed.ShouldBe(0);
        context.Response.Headers["grpc-status"].ToString().ShouldBe("14");
    }

    [Fact]
    public async Task Should_answer_in_the_endpoints_own_form_when_it_has_one()
    {
        _time.Advance(TimeSpan.FromSeconds(5));
        var context = Request("/user/online");
        context.SetEndpoint(new Endpoint(null, new EndpointMetadataCollection(new ErrorAnswerMetadata(answered => answered.Response.WriteAsync("as the seed"))), "seed"));

        await _filter.InvokeAsync(context);

        _passed.ShouldBe(0);
        Body(context).ShouldBe("as the seed");
    }

    [Theory]
    [InlineData(ApiKeyScopes.Admin, 1)]
    [InlineData(ApiKeyScopes.Push, 0)]
    public async Task Should_let_operators_pass_when_it_is_closed(string scope, int passed)
    {
        _time.Advance(TimeSpan.FromSeconds(5));
        var context = Request("/api/v1/cluster");
        context.SetEndpoint(new Endpoint(null, new EndpointMetadataCollection(new RequiredScope(scope)), scope));

        await _filter.InvokeAsync(context);

        _passed.ShouldBe(passed);
    }

    private static DefaultHttpContext Request(string path)
    {
        var context = new DefaultHttpContext();
        context.Request.Path = path;
        context.Response.Body = new MemoryStream();
        return context;
    }

    private static string Body(HttpContext context) => System.Text.Encoding.UTF8.GetString(((MemoryStream)context.Response.Body).ToArray());
}
