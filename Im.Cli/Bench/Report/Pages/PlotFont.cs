using SkiaSharp;

namespace Im.Cli.Bench.Report.Pages;

/// <summary>A font of this machine that has the letters of a plot.</summary>
internal static class PlotFont
{
    private static readonly string[] Latin = ["DejaVu Sans", "Noto Sans", "Liberation Sans", "Arial", "Segoe UI", "Helvetica"];
    private static readonly string[] Chinese = ["Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Micro Hei", "Microsoft YaHei", "PingFang SC"];

    /// <summary>The first one that is installed; the machine's own choice when none is.</summary>
    public static string For(IEnumerable<string> texts)
    {
        var installed = SKFontManager.Default.FontFamilies.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var wanted = texts.Any(text => text.Any(letter => letter >= '\u2e80')) ? Chinese : Latin;
        return wanted.FirstOrDefault(installed.Contains) ?? SKTypeface.Default.FamilyName;
    }
}
