using System.Globalization;

namespace Im.Cli.Token;

/// <summary>A duration as people write it: a whole number and one of s, m, h, d.</summary>
internal static class TimeToLive
{
    public static bool TryParse(string? text, out TimeSpan value)
    {
        value = default;
        if (text is not { Length: >= 2 and <= 9 } || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count == 0) return false;
        var unit = text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3_600, 'd' => 86_400, _ => 0 };
        value = TimeSpan.FromSeconds((double)count * unit);
        return unit > 0 && value <= TimeSpan.FromDays(3_650);
    }
}
