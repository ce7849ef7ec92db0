using System.Text.Json;
using Im.Tests.Support;
using Shouldly;

namespace Im.Tests.Deployment;

/// <summary>A real Prometheus reads a node that asks for its API key, evaluates every alert, and answers every question of the dashboard.</summary>
public sealed class PrometheusSpecs
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [PrometheusFact]
    public async Task Should_read_a_node_that_asks_for_a_key_and_answer_the_dashboard_and_tell_when_it_is_gone()
    {
        var node = await NodeFixture.StartAsync("--Im:Auth:Mode=jwt");
        PrometheusProcess? prometheus = null;
        try
        {
            prometheus = await PrometheusProcess.StartAsync(node.Http, node.ApiKey);
            await Until.TrueAsync(async () => await ValueAsync(prometheus, "sum(up{job=\"im\"})") == "1", patience: Patience);
            await Until.TrueAsync(async () => (await prometheus.RulesAsync()).All(rule => Text(rule, "health") == "ok"), patience: Patience);

            foreach (var query in Queries()) await prometheus.QueryAsync(query.Replace("$__rate_interval", "1m", StringComparison.Ordinal));
            (await ValueAsync(prometheus, "im_store_breaker")).ShouldBe("0");
            (await prometheus.RulesAsync()).Where(rule => Text(rule, "state") != "inactive").ShouldBeEmpty();

            await node.StopAsync();
            await Until.TrueAsync(async () => Text((await prometheus.RulesAsync()).Single(rule => Text(rule, "name") == "ImNodeDown"), "state") != "inactive", patience: Patience);
        }
        finally
        {
            if (prometheus is not null) await prometheus.DisposeAsync();
            await node.DisposeAsync();
        }
    }

    [PrometheusFact]
    public async Task Should_see_a_node_as_down_when_its_key_is_wrong()
    {
        var node = await NodeFixture.StartAsync("--Im:Auth:Mode=jwt");
        try
        {
            await using var prometheus = await PrometheusProcess.StartAsync(node.Http, "not-the-key");
            await Until.TrueAsync(async () => await ValueAsync(prometheus, "sum(up{job=\"im\"})") == "0", patience: Patience);
        }
        finally
        {
            await node.DisposeAsync();
        }
    }

    private static List<string> Queries()
    {
        using var dashboard = JsonDocument.Parse(Repository.Read("docker/observability/grafana/im.json"));
        return
        [
            .. dashboard.RootElement.GetProperty("panels").EnumerateArray()
                .SelectMany(panel => panel.GetProperty("targets").EnumerateArray()).Select(target => target.GetProperty("expr").GetString()!),
        ];
    }

    private static string? Text(JsonElement rule, string name) => rule.GetProperty(name).GetString();

    /// <summary>The value of the only sample; null when there is none.</summary>
    private static async Task<string?> ValueAsync(PrometheusProcess prometheus, string query) =>
        await prometheus.QueryAsync(query) is [var sample] ? sample.GetProperty("value")[1].GetString() : null;
}
