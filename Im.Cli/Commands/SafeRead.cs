using System.CommandLine;
using System.CommandLine.Parsing;

namespace Im.Cli.Commands;

/// <summary>Reading options while the command line is still being checked.</summary>
internal static class SafeRead
{
    /// <summary>An option that is not given has its default, which the parser fills in only later. False when the option's own text does not parse: that error is reported by itself, and asking for the value would throw it.</summary>
    public static bool TryRead<T>(this SymbolResult result, Option<T> option, out T? value)
    {
        if (result.GetResult(option) is null)
        {
            value = option.HasDefaultValue ? (T?)option.GetDefaultValue() : default;
            return true;
        }
        try
        {
            value = result.GetValue(option);
            return true;
        }
        catch (InvalidOperationException)
        {
            value = default;
            return false;
        }
    }
}
