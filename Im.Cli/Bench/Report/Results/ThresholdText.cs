using Im.Cli.Text;

namespace Im.Cli.Bench.Report.Results;

/// <summary>Says that a figure is as it must not be.</summary>
internal static class ThresholdText
{
    public static string Of(Threshold threshold, Metric metric)
    {
        var of = metric.Of.Length > 0 ? $" ({metric.Of})" : "";
        return Say.It($"FAILED: {threshold.Text}: {metric.Name.Name} is {Value(metric)}{of}", $"未通过：{threshold.Text}：{metric.Name.Name} 为 {Value(metric)}{of}");
    }

    /// <summary>A figure with its unit.</summary>
    public static string Value(Metric metric) => metric.Name.Unit switch
    {
        MetricUnit.Milliseconds when metric.Value < 0.1 => Format.Microseconds(metric.Value * 1000),
        MetricUnit.Milliseconds => Format.Milliseconds(metric.Value),
        MetricUnit.Bytes => Format.Bytes(metric.Value),
        MetricUnit.PerSecond => $"{Format.Count(metric.Value)}/s",
        _ => Format.Count(metric.Value),
    };
}
