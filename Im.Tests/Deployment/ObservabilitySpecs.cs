using System.Text.Json;
using System.Text.RegularExpressions;
using Im.Tests.Docs;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Deployment;

/// <summary>Alert rules and dashboard ask only for what a node exports, as docs/metrics.md lists it.</summary>
public sealed partial class ObservabilitySpecs
{
    [Theory]
    [InlineData("docker/observability/alerts.yml")]
    [InlineData("docker/observability/grafana/im.json")]
    public void Should_name_only_metrics_that_exist(string file)
    {
        var known = Exported().ToHashSet();
        var named = Metric().Matches(Repository.Read(file)).Select(match => match.Value).ToHashSet();

        named.Count.ShouldBeGreaterThan(5);
        named.Except(known).ShouldBeEmpty();
    }

    [Fact]
    public void Should_give_every_panel_a_place_and_a_query()
    {
        using var dashboard = JsonDocument.Parse(Repository.Read("docker/observability/grafana/im.json"));
        var panels = dashboard.RootElement.GetProperty("panels").EnumerateArray().ToList();

        panels.Select(panel => panel.GetProperty("gridPos").ToString()).ShouldBeUnique();
        panels.SelectMany(panel => panel.GetProperty("targets").EnumerateArray()).Select(target => target.GetProperty("expr").GetString()).ShouldAllBe(query => !string.IsNullOrWhiteSpace(query));
    }

    private static IEnumerable<string> Exported() => Rows().SelectMany(NamesOf);

    private static IEnumerable<string[]> Rows() => MarkdownTable.Rows("docs/metrics.md").Where(cells => cells[0].StartsWith("im.", StringComparison.Ordinal));

    /// <summary>The Prometheus form that the page describes: unit behind the name, then what the kind adds.</summary>
    private static IEnumerable<string> NamesOf(string[] row)
    {
        var unit = row[2] switch { "By" => "_bytes", "s" => "_seconds", _ => "" };
        var name = row[0].Replace('.', '_') + unit;
        return row[1] switch
        {
            "counter" => [name + "_total"],
            "histogram" => [name + "_bucket", name + "_sum", name + "_count"],
            _ => [name],
        };
    }

    [GeneratedRegex(@"\bim_[a-z_]+")]
    private static partial Regex Metric();
}
