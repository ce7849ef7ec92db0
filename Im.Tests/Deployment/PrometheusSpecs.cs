using System.Text.Json;
using Im.Node.Configuration;
using Im.Tests.Support;

namespace Im.Tests.Deployment;

/// <summary>
/// A real Prometheus reads a node that asks for its API key, evaluates every alert, and answers every question of the dashboard. The node is a process
/// of its own: in this one the nodes of other tests count with it, and whatever is done to them is an alert.
/// </summary>
public sealed class PrometheusSpecs
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [PrometheusFact]
    public async Task Should_read_a_node_that_asks_for_a_key_and_answer_the_dashboard_and_tell_when_it_is_gone()
    {
        await using var node = await NodeProcess.StartAsync("--Im:Auth:Mode=jwt");
        await using var prometheus = await PrometheusProcess.StartAsync(UrlOf(node), SecretsFile.OpenOrCreate(node.DataDirectory).ApiKey);
        await Until.TrueAsync(async () => await ValueAsync(prometheus, "sum(up{job=\"im\"})") == "1", patience: Patience);
        await Until.TrueAsync(async () => (await prometheus.RulesAsync()).All(rule => Text(rule, "health") == "ok"), patience: Patience);

        foreach (var query in Queries()) await prometheus.QueryAsync(query.Replace("$__rate_interval", "1m", StringComparison.Ordinal));
        // A scrape that a busy machine missed is followed by another.
        await Until.TrueAsync(async () => await ValueAsync(prometheus, "im_store_breaker") == "0", patience: Patience);
        IReadOnlyList<string?> alerts = [];
        await Until.TrueAsync(
            async () => (alerts = [.. (await prometheus.RulesAsync()).Where(rule => Text(rule, "state") != "inactive").Select(rule => Text(rule, "name"))]).Count == 0,
            () => string.Join(", ", alerts),
            Patience);

        node.Signal(NodeProcess.SigTerm);
        await node.WaitForExitAsync();
        await Until.TrueAsync(async () => Text((await prometheus.RulesAsync()).Single(rule => Text(rule, "name") == "ImNodeDown"), "state") != "inactive", patience: Patience);
    }

    [PrometheusFact]
    public async Task Should_see_a_node_as_down_when_its_key_is_wrong()
    {
        await using var node = await NodeProcess.StartAsync("--Im:Auth:Mode=jwt");
        await using var prometheus = await PrometheusProcess.StartAsync(UrlOf(node), "not-the-key");
        await Until.TrueAsync(async () => await ValueAsync(prometheus, "sum(up{job=\"im\"})") == "0", patience: Patience);
    }

    private static Uri UrlOf(NodeProcess node) => new(node.BannerLine("Metrics"));

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
