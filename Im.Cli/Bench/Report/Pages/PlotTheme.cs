using ScottPlot;

namespace Im.Cli.Bench.Report.Pages;

/// <summary>Colours of a plot on a light or a dark page.</summary>
internal sealed record PlotTheme(Color Paper, Color Ink, Color Grid, IReadOnlyList<Color> Lines)
{
    public static PlotTheme Light { get; } = new(
        Color.FromHex("#ffffff"),
        Color.FromHex("#24292f"),
        Color.FromHex("#e4e7eb"),
        [.. new[] { "#0969da", "#bc4c00", "#1a7f37", "#8250df", "#bf3989", "#57606a", "#9a6700", "#0a7ea4" }.Select(Color.FromHex)]);

    public static PlotTheme Dark { get; } = new(
        Color.FromHex("#0f141a"),
        Color.FromHex("#d7dde4"),
        Color.FromHex("#262d36"),
        [.. new[] { "#58a6ff", "#ff9b57", "#56d364", "#bc8cff", "#ff7bbd", "#9aa5b1", "#e3b341", "#39c5cf" }.Select(Color.FromHex)]);
}
