using System.Text.Json;
using Im.Cli.Bench.Report.Results;

namespace Im.Cli.Bench.Report.Pages;

/// <summary>Keeps a result: <c>result.json</c>, a CSV per table and curve, a PNG per plot, and <c>index.html</c> with all of it.</summary>
internal static class ReportDirectory
{
    /// <exception cref="IOException">The directory cannot be written.</exception>
    public static void Write(string directory, BenchRecord record)
    {
        Directory.CreateDirectory(directory);
        var report = record.Report;
        var data = report.ToData();
        Put("result.json", JsonSerializer.Serialize(report, report.GetType(), BenchConsole.Form));
        Put("metrics.csv", CsvText.Of(["name", "of", "value", "unit"], data.Metrics.Select(metric => (object?[])[metric.Name.Name, metric.Of, metric.Value, UnitOf(metric.Name.Unit)])));
        Put("latency.csv", CsvText.Of(["curve", "percentile", "ms"], data.Latencies.SelectMany(curve => curve.Latency.Curve.Select(point => (object?[])[curve.Name, point.Percentile, point.Ms]))));
        Put("throughput.csv", CsvText.Of(["part", "seconds", "per_second"], record.Rates.SelectMany(rate => rate.Points.Select(point => (object?[])[rate.Name, point.Seconds, point.PerSecond]))));
        foreach (var table in data.Tables) Put($"{table.File}.csv", CsvText.Of(table.Columns, table.Rows));
        IReadOnlyList<PagePlot> plots = [.. PlotsOf(record)];
        foreach (var plot in plots) File.WriteAllBytes(Path.Combine(directory, $"{plot.File}.png"), plot.Light);
        Put("index.html", ReportPage.Of(record, plots));

        void Put(string name, string text) => File.WriteAllText(Path.Combine(directory, name), text);
    }

    private static IEnumerable<PagePlot> PlotsOf(BenchRecord record)
    {
        var data = record.Report.ToData();
        IEnumerable<PagePlot?> plots =
        [
            Plot("latency", new Label("Latency by percentile", "各百分位延迟"), theme => Plots.Latency(data.Latencies, theme)),
            Plot("throughput", new Label("Throughput over time", "吞吐随时间变化"), theme => Plots.Throughput(record.Rates, theme)),
            Plot("memory", new Label("Memory against connections", "内存与连接数"), theme => Plots.Memory(data.Memory, theme)),
            .. data.Growth.Select(growth => Plot(growth.File, growth.Title, theme => Plots.Growth(growth, theme))),
        ];
        return plots.OfType<PagePlot>();
    }

    private static PagePlot? Plot(string file, Label title, Func<PlotTheme, byte[]?> draw) =>
        draw(PlotTheme.Light) is { } light && draw(PlotTheme.Dark) is { } dark ? new PagePlot(file, title, light, dark) : null;

    private static string UnitOf(MetricUnit unit) => unit switch
    {
        MetricUnit.Milliseconds => "ms",
        MetricUnit.Bytes => "B",
        MetricUnit.PerSecond => "1/s",
        _ => "",
    };
}
