using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace Im.Node.Configuration;

/// <summary>One value as text: parsed with the invariant culture, within its bounds, or said what would have been right.</summary>
internal static class OptionValue
{
    public static bool TryParse(string text, Type type, RangeAttribute? range, out object? value, out string expected)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        expected = Expected(type, range);
        value = Parse(text, type);
        return value is not null && (range is null || range.IsValid(value));
    }

    /// <summary>The value as an operator would write it; <c>-</c> for none.</summary>
    public static string Show(object? value) => value switch
    {
        null or "" => "-",
        bool flag => flag ? "true" : "false",
        Enum name => name.ToString().ToLowerInvariant(),
        TimeSpan span => span.ToString("c", CultureInfo.InvariantCulture),
        System.Collections.IEnumerable list and not string => string.Join(", ", list.Cast<object>().Select(Show)) is { Length: > 0 } all ? all : "-",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static object? Parse(string text, Type type)
    {
        if (type == typeof(string)) return text;
        if (type == typeof(bool)) return bool.TryParse(text, out var flag) ? flag : null;
        if (type == typeof(int)) return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
        if (type == typeof(uint)) return uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var natural) ? natural : null;
        if (type == typeof(TimeSpan)) return ParseSpan(text);
        if (type.IsEnum) return Enum.TryParse(type, text, ignoreCase: true, out var name) && Enum.IsDefined(type, name) && !char.IsAsciiDigit(text[0]) ? name : null;
        throw new NotSupportedException($"Options of type {type} are not supported.");
    }

    /// <summary>A bare number would mean days, which nobody intends: hours, minutes and seconds are asked for.</summary>
    private static TimeSpan? ParseSpan(string text) =>
        text.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span) ? span : null;

    private static string Expected(Type type, RangeAttribute? range)
    {
        if (type == typeof(bool)) return "true or false";
        if (type == typeof(uint)) return "a whole number from 0 to 4294967295";
        if (type.IsEnum) return string.Join(" or ", Enum.GetNames(type).Select(name => name.ToLowerInvariant()));
        var kind = type == typeof(TimeSpan) ? "a duration hh:mm:ss" : type == typeof(int) ? "a whole number" : "text";
        return range is null ? kind : $"{kind} from {Show(range.Minimum)} to {Show(range.Maximum)}";
    }
}
