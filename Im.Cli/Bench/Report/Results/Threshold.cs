using System.Globalization;
using System.Text.RegularExpressions;
using Im.Cli.Text;

namespace Im.Cli.Bench.Report.Results;

/// <summary>A figure that must not be, such as <c>p99&gt;20ms</c>.</summary>
/// <param name="Limit">In the metric's own unit.</param>
internal sealed partial record Threshold(string Text, MetricName Name, string Comparison, double Limit)
{
    private static readonly Dictionary<MetricUnit, Dictionary<string, double>> Units = new()
    {
        [MetricUnit.Milliseconds] = new() { ["us"] = 0.001, ["µs"] = 0.001, ["ms"] = 1, ["s"] = 1000 },
        [MetricUnit.Bytes] = new() { ["B"] = 1, ["KB"] = 1000, ["KiB"] = 1024, ["MB"] = 1e6, ["MiB"] = 1024 * 1024, ["GB"] = 1e9, ["GiB"] = 1024.0 * 1024 * 1024 },
        [MetricUnit.PerSecond] = new() { [""] = 1, ["/s"] = 1 },
        [MetricUnit.Count] = new() { [""] = 1 },
    };

    /// <param name="known">The scenario's figures.</param>
    /// <param name="error">For the person who wrote it.</param>
    public static Threshold? Parse(string text, IReadOnlyList<MetricName> known, out string error)
    {
        error = "";
        var match = Form().Match(text);
        if (!match.Success)
        {
            error = Say.It($"'{text}' is no threshold: write a figure, one of > >= < <=, a number and its unit, such as p99>20ms.", $"“{text}” 不是阈值：请写作 指标、> >= < <= 之一、数字与单位，例如 p99>20ms。");
            return null;
        }

        var (name, comparison, number, unit) = (match.Groups["name"].Value, match.Groups["comparison"].Value, match.Groups["number"].Value, match.Groups["unit"].Value);
        if (known.FirstOrDefault(metric => metric.Name == name) is not { } found)
        {
            error = Say.It($"'{text}': there is no figure '{name}' here. There are: {string.Join(", ", known.Select(metric => metric.Name))}.", $"“{text}”：此处没有指标“{name}”。可用：{string.Join("、", known.Select(metric => metric.Name))}。");
            return null;
        }

        if (!Units[found.Unit].TryGetValue(unit, out var factor))
        {
            var units = string.Join(", ", Units[found.Unit].Keys.Where(key => key.Length > 0));
            error = units.Length == 0
                ? Say.It($"'{text}': {name} has no unit.", $"“{text}”：{name} 没有单位。")
                : Say.It($"'{text}': the unit of {name} is one of {units}.", $"“{text}”：{name} 的单位是 {units} 之一。");
            return null;
        }

        return new Threshold(text, found, comparison, double.Parse(number, CultureInfo.InvariantCulture) * factor);
    }

    /// <summary>The figures that are as they must not be.</summary>
    public IEnumerable<Metric> Broken(IEnumerable<Metric> metrics) => metrics.Where(metric => metric.Name == Name && Holds(metric.Value));

    private bool Holds(double value) => Comparison switch
    {
        ">" => value > Limit,
        ">=" => value >= Limit,
        "<" => value < Limit,
        _ => value <= Limit,
    };

    [GeneratedRegex(@"^\s*(?<name>[a-z][a-z0-9/-]*)\s*(?<comparison>[<>]=?)\s*(?<number>[0-9]+(\.[0-9]+)?)\s*(?<unit>[A-Za-zµ/]*)\s*$")]
    private static partial Regex Form();
}
