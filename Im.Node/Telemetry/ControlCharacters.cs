using System.Globalization;
using System.Text;

namespace Im.Node.Telemetry;

/// <summary>Makes text from outside harmless in a log or on a terminal: no forged lines, no escape sequences, no reversed text.</summary>
internal static class ControlCharacters
{
    /// <summary>Controls, line and paragraph separators and formatting characters as <c>\uXXXX</c>; the same instance when there are none.</summary>
    public static string Escape(string text)
    {
        var first = FirstOf(text);
        if (first < 0) return text;
        var escaped = new StringBuilder(text.Length + 16).Append(text, 0, first);
        foreach (var character in text.AsSpan(first))
        {
            if (MustEscape(character)) escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:X4}");
            else escaped.Append(character);
        }

        return escaped.ToString();
    }

    private static int FirstOf(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (MustEscape(text[i])) return i;
        }

        return -1;
    }

    private static bool MustEscape(char character) => char.GetUnicodeCategory(character) is
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
