using Im.Tests.Support;

namespace Im.Tests.Docs;

internal static class MarkdownTable
{
    /// <summary>The cells of every table row of a page, trimmed, without the back-ticks around a whole cell.</summary>
    public static IEnumerable<string[]> Rows(string page) =>
        Repository.Read(page).Split('\n').Where(line => line.StartsWith('|'))
            .Select(line => line.Trim().Trim('|').Split('|').Select(cell => cell.Trim().Trim('`')).ToArray());
}
