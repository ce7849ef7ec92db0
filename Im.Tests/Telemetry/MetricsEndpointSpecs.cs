using System.Net;
using Im.Actors.Edge;
using Im.Actors.Telemetry;
using Im.Protocol;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Telemetry;

public sealed class MetricsEndpointSpecs
{
    [Fact]
    public async Task Should_show_the_broker_and_the_runtime_when_scraped()
    {
        var node = await NodeFixture.StartAsync();
        using var observed = ImMetrics.Observe(new FixedGauges());
        ImMetrics.Command("login", ReplyCode.Success);
        ImMetrics.Closed(4203);
        ImMetrics.Closed(3999);
        ImMetrics.Pushed(DeliveryState.Written);
        ImMetrics.Delivered(TimeSpan.FromMilliseconds(3));

        using var http = new HttpClient { BaseAddress = node.Http };
        var text = await http.GetStringAsync("/metrics");

        // The nodes of other tests in this process add theirs.
        text.ShouldMatch("(?m)^im_connections\\{[^}]*\\} 7[0-9]{6}$");
        text.ShouldMatch("(?m)^im_commands_total\\{[^}]*cmd=\"login\",code=\"200\"\\} ");
        text.ShouldMatch("(?m)^im_closes_total\\{[^}]*code=\"4203\"\\} ");
        text.ShouldMatch("(?m)^im_closes_total\\{[^}]*code=\"other\"\\} ");
        text.ShouldMatch("(?m)^im_pushes_total\\{[^}]*state=\"WRITTEN\"\\} ");
        text.ShouldMatch("(?m)^im_delivery_seconds_bucket\\{[^}]*le=\"0.005\"\\} ");
        text.ShouldContain("dotnet_gc_");
        await node.DisposeAsync();
    }

    [Fact]
    public async Task Should_bound_the_series_of_an_instrument_since_their_places_are_taken_at_the_start()
    {
        var node = await NodeFixture.StartAsync();
        for (var i = 0; i < 400; i++) ImMetrics.TopicReceived($"spec-{i}:4053", 1, 1);

        using var http = new HttpClient { BaseAddress = node.Http };
        var series = (await http.GetStringAsync("/metrics")).Split('\n').Where(line => line.StartsWith("im_topic_received_total{", StringComparison.Ordinal)).ToArray();

        series.Length.ShouldBeInRange(200, 251);
        series.ShouldContain(line => line.Contains("otel_metric_overflow=", StringComparison.Ordinal));
        await node.DisposeAsync();
    }

    [Fact]
    public async Task Should_serve_metrics_and_health_alone_when_they_have_a_port_of_their_own()
    {
        var node = await NodeFixture.StartAsync("--Im:Metrics:Port=0");
        using var http = new HttpClient { BaseAddress = node.Http };
        using var metrics = new HttpClient { BaseAddress = node.Addresses.Metrics };

        (await metrics.GetAsync("/metrics")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await metrics.GetAsync("/readyz")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await metrics.GetAsync("/")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await metrics.GetAsync("/api/v1/anything")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await http.GetAsync("/metrics")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        await node.DisposeAsync();
    }

    [Fact]
    public async Task Should_ask_for_the_api_key_when_others_can_reach_it()
    {
        var node = await NodeFixture.StartAsync("--Im:BindAddress=0.0.0.0", "--Im:Auth:AllowInsecureGuest=true");
        using var http = new HttpClient { BaseAddress = node.Http };

        (await http.GetAsync("/metrics")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        http.DefaultRequestHeaders.Add("x-api-key", "wrong");
        (await http.GetAsync("/metrics")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        http.DefaultRequestHeaders.Remove("x-api-key");
        http.DefaultRequestHeaders.Add("x-api-key", node.ApiKey);
        (await http.GetAsync("/metrics")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await node.DisposeAsync();
    }

    private sealed class FixedGauges : INodeGauges
    {
        public long Connections => 7_000_000;

        public long LoggedIn => 6;

        public long Sessions => 5;

        public long Conversations => 4;

        public long EgressBacklogBytes => 3;

        public long IngressDepth => 2;
    }
}
