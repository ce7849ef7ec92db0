using System.Globalization;
using System.Text;

namespace Im.Cli.Bench.Report.Results;

/// <summary>Comma-separated values (RFC 4180): numbers with a point and without groups, whatever the culture.</summary>
internal static class CsvText
{
    public static string Of(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<object?>> rows)
    {
        var text = new StringBuilder();
        Append(text, columns);
        foreach (var row in rows) Append(text, row);
        return text.ToString();
    }

    private static void Append(StringBuilder text, IReadOnlyList<object?> cells) => text.AppendJoin(',', cells.Select(cell => Quote(Text(cell)))).Append("\r\n");

    /// <summary>A cell as a machine reads it.</summary>
    public static string Text(object? cell) => cell switch
    {
        null => "",
        double number => number.ToString("0.######", CultureInfo.InvariantCulture),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => cell.ToString() ?? "",
    };

    private static string Quote(string text) => text.AsSpan().IndexOfAny("\",\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
