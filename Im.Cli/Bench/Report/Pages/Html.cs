using System.Net;
using Im.Cli.Bench.Report.Results;

namespace Im.Cli.Bench.Report.Pages;

/// <summary>Pieces of a page. Texts that come from outside go through <see cref="Escape"/>.</summary>
internal static class Html
{
    public static string Escape(string text) => WebUtility.HtmlEncode(text);

    /// <summary>A text of which the page shows the language that its reader chose.</summary>
    public static string Both(string english, string chinese) => $"<span lang=\"en\">{Escape(english)}</span><span lang=\"zh\">{Escape(chinese)}</span>";

    public static string Both(Label label) => Both(label.English, label.Chinese);

    /// <summary>A plot for light and dark pages, inside the page.</summary>
    public static string Picture(byte[] light, byte[] dark, string name) =>
        $"<picture><source media=\"(prefers-color-scheme: dark)\" srcset=\"{Source(dark)}\"><img src=\"{Source(light)}\" width=\"900\" height=\"400\" alt=\"{Escape(name)}\"></picture>";

    public static string Row(string cell, IEnumerable<string> cells) => $"<tr>{string.Concat(cells.Select(text => $"<{cell}>{text}</{cell}>"))}</tr>";

    private static string Source(byte[] png) => $"data:image/png;base64,{Convert.ToBase64String(png)}";
}
