using System.Globalization;

namespace Im.Node.Compat;

/// <summary>Reads an appId as the seed does (Go's ParseInt of 32 bits, its error ignored, then cast to unsigned).</summary>
internal static class SeedNumber
{
    /// <returns>0 for anything that is no number; what does not fit 32 bits becomes the nearest that does; negative ones wrap.</returns>
    public static uint Parse(string? text)
    {
        if (string.IsNullOrEmpty(text)) return 0;
        var digits = text[0] is '+' or '-' ? text.AsSpan(1) : text;
        if (digits.IsEmpty || digits.ContainsAnyExceptInRange('0', '9')) return 0;
        var negative = text[0] == '-';
        if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var value)) value = long.MaxValue;
        return unchecked((uint)(negative ? Math.Max(-value, int.MinValue) : Math.Min(value, int.MaxValue)));
    }
}
