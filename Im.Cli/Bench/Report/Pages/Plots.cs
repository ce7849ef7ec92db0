using System.Globalization;
using Im.Cli.Bench.Measure;
using Im.Cli.Bench.Report.Results;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace Im.Cli.Bench.Report.Pages;

/// <summary>The curves of a result as PNG. Each method answers null when there is nothing to draw.</summary>
internal static class Plots
{
    private const int Width = 900, Height = 400;

    /// <summary>Lower latencies are drawn here, the axis being one of powers of ten.</summary>
    private const double LowestMs = 0.01;

    /// <summary>Lines that can be told apart; of more, the last ones are drawn.</summary>
    private const int MaxLines = 8;

    /// <summary>What grows by more than this has an axis of powers of ten.</summary>
    private const double WideGrowth = 30;

    /// <summary>Latency against percentiles; 90, 99 and 99.9 are equally far apart.</summary>
    public static byte[]? Latency(IReadOnlyList<LatencyCurve> curves, PlotTheme theme)
    {
        var lines = curves.Where(curve => curve.Latency.Count > 0).TakeLast(MaxLines)
            .Select(curve => new Line(curve.Name, curve.Latency.Curve.Select(point => (PercentileScale.PlaceOf(point.Percentile, curve.Latency.Count), Math.Log10(Math.Max(point.Ms, LowestMs)))))).ToList();
        if (lines.Count == 0) return null;
        using var plot = Draw(lines, "percentile", "ms", theme);
        var last = (int)Math.Ceiling(lines.SelectMany(line => line.Points).Max(point => point.X));
        double[] places = [Math.Log10(2), .. Enumerable.Range(0, last + 1).Select(n => (double)n)];
        plot.Axes.Bottom.TickGenerator = new NumericManual(places, [.. places.Select(PercentileAt)]);
        plot.Axes.SetLimitsX(0, Math.Max(1, last) + 0.3);
        var powers = Enumerable.Range((int)Math.Log10(LowestMs), 9).Select(n => (double)n).ToArray();
        plot.Axes.Left.TickGenerator = new NumericManual(powers, [.. powers.Select(power => Math.Pow(10, power).ToString("#,0.##", CultureInfo.InvariantCulture))]);
        var values = lines.SelectMany(line => line.Points).Select(point => point.Y).ToList();
        plot.Axes.SetLimitsY(Math.Floor(values.Min()), Math.Ceiling(values.Max() + 0.05));
        return Png(plot);
    }

    public static byte[]? Throughput(IReadOnlyList<RateSeries> rates, PlotTheme theme)
    {
        var lines = rates.Where(rate => rate.Points.Count > 1 && rate.Points.Any(point => point.PerSecond > 0)).TakeLast(MaxLines).Select(rate => new Line(rate.Name, rate.Points.Select(point => (point.Seconds, point.PerSecond)))).ToList();
        if (lines.Count == 0) return null;
        using var plot = Draw(lines, "s", "per second", theme);
        return Png(plot);
    }

    public static byte[]? Memory(IReadOnlyList<MemoryCurve> curves, PlotTheme theme)
    {
        var lines = curves.SelectMany(curve => new[]
        {
            new Line($"{curve.Name}: RSS", curve.Samples.Select(sample => ((double)sample.Connections, MiB(sample.RssBytes)))),
            new Line($"{curve.Name}: heap", curve.Samples.Select(sample => ((double)sample.Connections, MiB(sample.HeapBytes)))),
        }).Where(line => line.Points.Count > 1).Take(MaxLines).ToList();
        if (lines.Count == 0) return null;
        using var plot = Draw(lines, "connections", "MiB", theme, markers: true);
        return Png(plot);
    }

    public static byte[]? Growth(GrowthPlot growth, PlotTheme theme)
    {
        var places = growth.Curves.SelectMany(curve => curve.Points).Select(point => point.X).Distinct().Order().ToArray();
        if (places.Length < 2) return null;
        var isWide = places[0] > 0 && places[^1] / places[0] > WideGrowth;
        var lines = growth.Curves.Take(MaxLines).Select(curve => new Line(curve.Name, curve.Points.Select(point => (PlaceOf(point.X), point.Y)))).ToList();
        using var plot = Draw(lines, growth.Axis.English, growth.Unit, theme, markers: true);
        plot.Axes.Bottom.TickGenerator = new NumericManual([.. places.Select(PlaceOf)], [.. places.Select(Format.Count)]);
        return Png(plot);

        double PlaceOf(double x) => isWide ? Math.Log10(x) : x;
    }

    /// <summary>Label of a place on the percentiles' axis.</summary>
    internal static string PercentileAt(double place) => (100 - 100 * Math.Pow(10, -place)).ToString("0.######", CultureInfo.InvariantCulture) + " %";

    private static Plot Draw(IReadOnlyList<Line> lines, string x, string y, PlotTheme theme, bool markers = false)
    {
        var plot = new Plot { ScaleFactor = 2 };
        plot.FigureBackground.Color = theme.Paper;
        plot.DataBackground.Color = theme.Paper;
        plot.Axes.Color(theme.Ink);
        plot.Grid.MajorLineColor = theme.Grid;
        plot.Legend.BackgroundColor = theme.Paper;
        plot.Legend.FontColor = theme.Ink;
        plot.Legend.OutlineColor = theme.Grid;
        plot.Legend.ShadowColor = Colors.Transparent;
        plot.XLabel(x);
        plot.YLabel(y);
        foreach (var (number, line) in lines.Index())
        {
            var drawn = plot.Add.Scatter(line.Points.Select(point => point.X).ToArray(), line.Points.Select(point => point.Y).ToArray());
            drawn.LegendText = line.Name;
            drawn.Color = theme.Lines[number % theme.Lines.Count];
            drawn.LineWidth = 2;
            drawn.MarkerSize = markers ? 7 : 0;
        }

        plot.Font.Set(PlotFont.For(lines.Select(line => line.Name)));
        plot.Axes.AutoScale();
        plot.Axes.SetLimitsY(0, Math.Max(double.Epsilon, lines.SelectMany(line => line.Points).Max(point => point.Y)) * 1.08);
        plot.ShowLegend(Edge.Bottom);
        return plot;
    }

    private static byte[] Png(Plot plot) => plot.GetImage(Width * 2, Height * 2).GetImageBytes(ImageFormat.Png);

    private static double MiB(long bytes) => bytes / 1024.0 / 1024.0;

    private sealed class Line(string name, IEnumerable<(double X, double Y)> points)
    {
        public string Name { get; } = name;

        public IReadOnlyList<(double X, double Y)> Points { get; } = [.. points];
    }
}
